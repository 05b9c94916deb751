package org.descry.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.descry.DiskException;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;
import org.descry.train.TrainingProgress.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.shade.protobuf.CodedInputStream;
import org.tensorflow.framework.Summary;

/** The files are read back by the published format, with a checksum of its own. */
class TensorBoardTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-11-27T12:00:00.500Z"), ZoneOffset.UTC);

  @TempDir Path dir;

  private record Event(double wallTime, long step, String version, Summary summary) {}

  @Test
  void scalarsAreReadBack() throws IOException {
    Path run = dir.resolve("a/run");
    try (TensorBoard board = new TensorBoard(run, NOON)) {
      board.started(new Plan(10, 40, "images", 2, 3, EpochMetrics.VALIDATION_LOSS));
      board.step(2, 1, 0.5, 100);
      board.epoch(
          new EpochMetrics(
              2,
              6,
              0.01,
              0.25,
              0.75,
              Map.of("validationAccuracy", 0.9),
              100,
              2,
              Map.of("one", new LayerNorms(1, 3, 0.1), "two", new LayerNorms(2, 4, 0.2))),
          true);
    }
    Path file;
    try (var files = Files.list(run)) {
      file = files.toList().get(0);
    }
    assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.1795780800.");
    List<Event> events = events(file);
    assertThat(events).hasSize(3).allMatch(event -> event.wallTime == 1795780800.5);
    assertThat(events.get(0).version).isEqualTo("brain.Event:2");
    assertThat(events.get(1).step).isEqualTo(4);
    assertThat(value(events.get(1), "steps/meanLoss")).isEqualTo(0.5f);
    Event epoch = events.get(2);
    assertThat(epoch.step).isEqualTo(6);
    assertThat(value(epoch, "epochs/trainLoss")).isEqualTo(0.25f);
    assertThat(value(epoch, "epochs/validationLoss")).isEqualTo(0.75f);
    assertThat(value(epoch, "epochs/validationAccuracy")).isEqualTo(0.9f);
    assertThat(value(epoch, "epochs/learningRate")).isEqualTo(0.01f);
    assertThat(value(epoch, "epochs/gradientNorm")).isEqualTo(5f);
    assertThat(value(epoch, "gradients/two")).isEqualTo(4f);
  }

  @Test
  void theConfusionMatrixIsAnImage() throws IOException {
    try (TensorBoard board = new TensorBoard(dir, NOON)) {
      board.started(new Plan(10, 40, "images", 2, 3, EpochMetrics.VALIDATION_LOSS));
      board.confusion(List.of(List.of(99, 1), List.of(0, 100)), 2);
    }
    Path file;
    try (var files = Files.list(dir)) {
      file = files.toList().get(0);
    }
    Event event = events(file).get(1);
    assertThat(event.step).isEqualTo(2);
    assertThat(event.summary.getValue(0).getTag()).isEqualTo("test/confusion");
    Summary.Image image = event.summary.getValue(0).getImage();
    BufferedImage drawn =
        ImageIO.read(new ByteArrayInputStream(image.getEncodedImageString().toByteArray()));
    assertThat(drawn.getWidth()).isEqualTo(image.getWidth()).isEqualTo(320);
    assertThat(drawn.getHeight()).isEqualTo(image.getHeight());
    int right = drawn.getRGB(310, 310) & 0xff0000;
    int one = drawn.getRGB(310, 10) & 0xff0000;
    int none = drawn.getRGB(10, 310) & 0xff0000;
    assertThat(none).isEqualTo(0xff0000);
    assertThat(one).isBetween(right, none - 0x100000); // 1% can be told from nothing
  }

  @Test
  void aFolderThatCannotBeIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    try (TensorBoard board = new TensorBoard(file.resolve("run"), NOON)) {
      Plan plan = new Plan(10, 40, "images", 2, 3, EpochMetrics.VALIDATION_LOSS);
      assertThatThrownBy(() -> board.started(plan))
          .isInstanceOf(DiskException.class)
          .hasMessageContaining("cannot be written");
    }
  }

  private static float value(Event event, String tag) {
    return event.summary.getValueList().stream()
        .filter(value -> value.getTag().equals(tag))
        .findFirst()
        .orElseThrow()
        .getSimpleValue();
  }

  private static List<Event> events(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = take(in, Long.BYTES);
      byte[] data =
          take(in, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      events.add(event(data));
    }
    return events;
  }

  /** Some bytes, with the masked checksum behind them. */
  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    int crc = crc(bytes);
    assertThat(in.getInt()).isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    return bytes;
  }

  /** CRC-32C bit by bit: the reflected Castagnoli polynomial. */
  private static int crc(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
      }
    }
    return ~crc;
  }

  private static Event event(byte[] data) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(data);
    double wallTime = 0;
    long step = 0;
    String version = null;
    Summary summary = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> wallTime = in.readDouble();
        case 2 -> step = in.readInt64();
        case 3 -> version = in.readString();
        case 5 -> summary = Summary.parseFrom(in.readByteArray());
        default -> throw new IOException("field " + (tag >>> 3));
      }
    }
    return new Event(wallTime, step, version, summary);
  }
}
