package org.descry.cli.progress;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.descry.DiskException;
import org.descry.io.IoErrors;
import org.descry.io.PngWriter;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;
import org.descry.train.TrainingProgress;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.CodedOutputStream;
import org.tensorflow.framework.Summary;

/**
 * Writes scalars as TensorBoard reads them: an event file of TensorFlow's protocol (TFRecord frames
 * with masked CRC-32C, each an {@code Event} message). One file a start of a training; those of one
 * folder make one run.
 *
 * <p>{@code steps/meanLoss} has a value a step, all else one an epoch.
 */
public final class TensorBoard implements TrainingProgress, Closeable {
  /** As TensorFlow's record_writer.cc masks checksums of data that hold checksums. */
  private static final int MASK = 0xa282ead8;

  private static final String VERSION = "brain.Event:2";

  /** About how many pixels high and wide an image is. */
  private static final int SIDE = 320;

  private static final int RGB = 3;

  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;

  private final Path folder;
  private final Clock clock;
  private Path file;
  private OutputStream out = OutputStream.nullOutputStream();
  private Plan plan;

  TensorBoard(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** With the time of day; the folder is made when the training has started. */
  public static TensorBoard in(Path folder) {
    return new TensorBoard(folder, Clock.systemUTC());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "localhost";
    }
  }

  @Override
  public void started(Plan newPlan) {
    plan = newPlan;
    long seconds = clock.instant().getEpochSecond();
    file = folder.resolve("events.out.tfevents.%s.%s".formatted(seconds, host()));
    try {
      Files.createDirectories(folder);
      out = new BufferedOutputStream(Files.newOutputStream(file));
      event(0, FILE_VERSION, VERSION.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
    long steps = (epoch - 1L) * plan.stepsPerEpoch() + step;
    scalars(
        steps, Map.of("steps/meanLoss", meanLoss, "steps/examplesPerSecond", examplesPerSecond));
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    Map<String, Double> values = new TreeMap<>();
    metrics.figures().forEach((name, value) -> values.put("epochs/" + name, value));
    if (metrics.layers() != null) {
      double squares = 0;
      for (Map.Entry<String, LayerNorms> layer : metrics.layers().entrySet()) {
        values.put("weights/" + layer.getKey(), layer.getValue().weights());
        values.put("gradients/" + layer.getKey(), layer.getValue().gradients());
        values.put("updates/" + layer.getKey(), layer.getValue().updates());
        squares += layer.getValue().gradients() * layer.getValue().gradients();
      }
      values.put("epochs/gradientNorm", Math.sqrt(squares));
    }
    scalars(metrics.iteration(), values);
    try {
      out.flush(); // TensorBoard looks at the file while it grows
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Writes a confusion matrix as an image: rows are true classes, columns answers, dark is much.
   */
  public void confusion(List<List<Integer>> matrix, long step) {
    int cell = Math.max(1, SIDE / matrix.size());
    int side = cell * matrix.size();
    byte[] pixels = new byte[side * side * RGB];
    for (int y = 0; y < side; y++) {
      List<Integer> row = matrix.get(y / cell);
      int all = Math.max(1, row.stream().mapToInt(Integer::intValue).sum());
      for (int x = 0; x < side; x++) {
        double share = Math.sqrt((double) row.get(x / cell) / all); // 1% is seen too
        int at = (y * side + x) * RGB;
        pixels[at] = (byte) Math.round(255 - 219 * share);
        pixels[at + 1] = (byte) Math.round(255 - 152 * share);
        pixels[at + 2] = (byte) Math.round(255 - 76 * share);
      }
    }
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      PngWriter.write(pixels, side, side, png);
      Summary.Image.Builder image =
          Summary.Image.newBuilder()
              .setHeight(side)
              .setWidth(side)
              .setColorspace(RGB)
              .setEncodedImageString(ByteString.copyFrom(png.toByteArray()));
      Summary.Builder summary = Summary.newBuilder();
      summary.addValue(Summary.Value.newBuilder().setTag("test/confusion").setImage(image));
      event(step, SUMMARY, summary.build().toByteArray());
      out.flush();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void scalars(long step, Map<String, Double> values) {
    Summary.Builder summary = Summary.newBuilder();
    values.forEach(
        (name, value) ->
            summary.addValue(
                Summary.Value.newBuilder().setTag(name).setSimpleValue(value.floatValue())));
    try {
      event(step, SUMMARY, summary.build().toByteArray());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void event(long step, int field, byte[] content) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    CodedOutputStream fields = CodedOutputStream.newInstance(message);
    fields.writeDouble(WALL_TIME, clock.millis() / 1000.0);
    fields.writeInt64(STEP, step);
    fields.writeByteArray(field, content);
    fields.flush();
    byte[] data = message.toByteArray();
    byte[] length = little(Long.BYTES).putLong(data.length).array();
    out.write(length);
    out.write(checksum(length));
    out.write(data);
    out.write(checksum(data));
  }

  private static byte[] checksum(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    int masked = Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    return little(Integer.BYTES).putInt(masked).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private DiskException failure(IOException e) {
    return new DiskException(
        "%s: cannot be written (%s); expected a folder for TensorBoard that can."
            .formatted(file, IoErrors.of(e)),
        e);
  }
}
