package org.descry.data.image;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.datavec.api.conf.Configuration;
import org.datavec.api.records.Record;
import org.datavec.api.records.metadata.RecordMetaData;
import org.datavec.api.records.metadata.RecordMetaDataIndex;
import org.datavec.api.records.reader.BaseRecordReader;
import org.datavec.api.split.InputSplit;
import org.datavec.api.writable.IntWritable;
import org.datavec.api.writable.NDArrayWritable;
import org.datavec.api.writable.Writable;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A DataVec reader of labelled images that also hands out plain bytes, which is how {@link
 * ImageSet} is filled. A record is {@code [NDArrayWritable, IntWritable]}: the image as float32 1 x
 * C x H x W with values 0 to 255 in RGB order, and its label.
 */
public abstract class PixelRecordReader extends BaseRecordReader {
  private Configuration configuration;

  protected abstract int height();

  protected abstract int width();

  protected abstract int channels();

  /** The number of records between one {@link #reset()} and the end. */
  protected abstract int size();

  /** The number of records read since the last {@link #reset()}. */
  protected abstract int position();

  /**
   * Reads the next image (channels-last) into {@code pixels} and returns its label.
   *
   * @throws BadRecordException if it cannot be used
   */
  protected abstract int nextInto(byte[] pixels);

  /** Where the next record lies. */
  protected abstract URI location();

  /** Reads everything from the start, without the records that cannot be used. */
  public ImageSet readAll(Intake intake) {
    reset();
    int bytes = height() * width() * channels();
    Function<byte[], Pixels> keep = Pixels.keeping(intake, bytes);
    Pixels[] images = new Pixels[size()];
    int[] labels = new int[size()];
    int count = 0;
    while (hasNext()) {
      byte[] pixels = new byte[bytes];
      try {
        labels[count] = nextInto(pixels);
        images[count++] = keep.apply(pixels);
      } catch (BadRecordException e) {
        intake.leaveOut(e);
      }
    }
    return new ImageSet(
        height(),
        width(),
        channels(),
        getLabels(),
        Arrays.copyOf(images, count),
        Arrays.copyOf(labels, count),
        null);
  }

  @Override
  public final void initialize(Configuration conf, InputSplit split)
      throws IOException, InterruptedException {
    setConf(conf);
    initialize(split);
  }

  @Override
  public final boolean hasNext() {
    return position() < size();
  }

  @Override
  public final List<Writable> next() {
    byte[] pixels = new byte[height() * width() * channels()];
    IntWritable label = new IntWritable(nextInto(pixels));
    float[] values = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      values[i] = pixels[i] & 0xff;
    }
    INDArray image =
        Nd4j.createFromArray(values)
            .reshape(1, height(), width(), channels())
            .permute(0, 3, 1, 2)
            .dup('c');
    List<Writable> writables = List.of(new NDArrayWritable(image), label);
    invokeListeners(writables);
    return writables;
  }

  @Override
  public final Record nextRecord() {
    RecordMetaData where = new RecordMetaDataIndex(position(), location(), getClass());
    return new org.datavec.api.records.impl.Record(next(), where);
  }

  @Override
  public final List<Writable> record(URI uri, DataInputStream stream) {
    throw new UnsupportedOperationException("images are read from files, not from streams");
  }

  @Override
  public final Record loadFromMetaData(RecordMetaData metaData) {
    return loadFromMetaData(List.of(metaData)).get(0);
  }

  /** Reads from the start up to the records asked for: slow, meant for looking at mistakes. */
  @Override
  public final List<Record> loadFromMetaData(List<RecordMetaData> metaData) {
    return metaData.stream().map(m -> seek((RecordMetaDataIndex) m)).toList();
  }

  private Record seek(RecordMetaDataIndex where) {
    reset();
    byte[] skipped = new byte[height() * width() * channels()];
    while (position() < where.getIndex()) {
      nextInto(skipped);
    }
    return nextRecord();
  }

  @Override
  public final boolean resetSupported() {
    return true;
  }

  @Override
  public final void setConf(Configuration conf) {
    configuration = conf;
  }

  @Override
  public final Configuration getConf() {
    return configuration;
  }
}
