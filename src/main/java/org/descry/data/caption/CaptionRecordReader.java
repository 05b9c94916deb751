package org.descry.data.caption;

import java.io.DataInputStream;
import java.net.URI;
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
import org.descry.data.caption.file.Caption;
import org.descry.data.caption.file.CaptionFile;
import org.descry.data.caption.file.CaptionFormat;

/**
 * DataVec's view of one annotation file: records of three {@link Text}s, which are the image's file
 * name (behind the folder that the file says it is in), the caption, and the part the file puts it
 * in (empty if the format does not say). The meta data of {@link #nextRecord} tells where the
 * caption stands.
 *
 * <p>Whatever is wrong with the file becomes a {@link DescryException} that names file and place,
 * thrown by {@link #initialize} or by the call that reaches it.
 */
public final class CaptionRecordReader extends BaseRecordReader {
  private static final long serialVersionUID = 1L;

  private final CaptionFormat format;
  private Configuration configuration;
  private URI uri;
  private transient CaptionFile file;
  private transient Caption ahead;

  /** A reader for files of {@code format}. */
  public CaptionRecordReader(CaptionFormat format) {
    this.format = format;
  }

  /** Opens {@code file}. */
  public static CaptionRecordReader open(Path file, CaptionFormat format) {
    // DataVec's split makes an empty file where there is none.
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
    file = CaptionFile.open(Path.of(uri), format);
    ahead = file.next();
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
    ahead = file.next();
    List<Writable> fields =
        List.of(
            new Text(caption.image().path()), new Text(caption.text()), new Text(caption.split()));
    invokeListeners(fields);
    return new org.datavec.api.records.impl.Record(fields, new Place(caption.location(), uri));
  }

  @Override
  public List<Writable> next() {
    return nextRecord().getRecord();
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
      file = null;
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
