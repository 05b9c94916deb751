package org.descry.data.caption;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.FileSplit;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * Reads one annotation file as records of three {@link Text}s: the picture's file name, the
 * caption, and the part the file puts the picture in (empty if the format does not say). The meta
 * data of {@link #nextRecord} tells where the caption stands.
 *
 * <p>Whatever is wrong with the file becomes a {@link DescryException} that names file and place,
 * thrown by {@link #initialize} or by the call that reaches it.
 */
public final class CaptionRecordReader extends BaseRecordReader {
  private static final long serialVersionUID = 1L;

  private final CaptionFormat format;
  private Configuration configuration;
  private URI uri;
  private transient CaptionReader reader;
  private transient Caption ahead;

  /** A reader for files of {@code format}. */
  public CaptionRecordReader(CaptionFormat format) {
    this.format = format;
  }

  /** Opens {@code file}. */
  public static CaptionRecordReader open(Path file, CaptionFormat format) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("The caption file " + file + " does not exist");
    }
    CaptionRecordReader records = new CaptionRecordReader(format);
    records.initialize(new FileSplit(file.toFile()));
    return records;
  }

  @Override
  public void initialize(InputSplit split) {
    URI[] locations = split.locations();
    if (locations.length != 1) {
      throw new DataException("Expected one caption file, got: " + locations.length);
    }
    inputSplit = split;
    uri = locations[0];
    reset();
  }

  @Override
  public void initialize(Configuration conf, InputSplit split) {
    setConf(conf);
    initialize(split);
  }

  @Override
  public void reset() {
    close();
    read(
        () -> {
          reader = format.open(Path.of(uri));
          ahead = reader.read();
        });
  }

  @Override
  public boolean hasNext() {
    return ahead != null;
  }

  @Override
  public Record nextRecord() {
    Caption caption = ahead;
    if (caption == null) {
      throw new NoSuchElementException("No caption left in " + uri);
    }
    read(() -> ahead = reader.read());
    List<Writable> fields =
        List.of(new Text(caption.image()), new Text(caption.text()), new Text(caption.split()));
    invokeListeners(fields);
    return new org.datavec.api.records.impl.Record(fields, new Place(caption.location(), uri));
  }

  @Override
  public List<Writable> next() {
    return nextRecord().getRecord();
  }

  private void read(Step step) {
    try {
      step.run();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new DataException(
          Path.of(uri) + ":" + line + ": not valid JSON: " + e.getOriginalMessage(), e);
    } catch (CharacterCodingException e) {
      throw new DataException("The caption file " + Path.of(uri) + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new DataException(
          "Cannot read the caption file " + Path.of(uri) + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (reader != null) {
      read(reader::close);
      reader = null;
      ahead = null;
    }
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  /** None: captions are no classes. */
  @Override
  public List<String> getLabels() {
    return List.of();
  }

  @Override
  public void setConf(Configuration conf) {
    configuration = conf;
  }

  @Override
  public Configuration getConf() {
    return configuration;
  }

  @Override
  public List<Writable> record(URI location, DataInputStream in) {
    throw new UnsupportedOperationException("Captions are read from files");
  }

  @Override
  public Record loadFromMetaData(RecordMetaData place) {
    throw new UnsupportedOperationException("Captions are read from front to back");
  }

  @Override
  public List<Record> loadFromMetaData(List<RecordMetaData> places) {
    throw new UnsupportedOperationException("Captions are read from front to back");
  }

  private interface Step {
    void run() throws IOException;
  }

  private record Place(String location, URI uri) implements RecordMetaData {
    @Override
    public String getLocation() {
      return location;
    }

    @Override
    public URI getURI() {
      return uri;
    }

    @Override
    public Class<?> getReaderClass() {
      return CaptionRecordReader.class;
    }
  }
}
