package org.descry.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.LayerNorms;
import org.descry.metrics.Metric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

class CheckpointFileTest {
  private static final int BEFORE = 12; // magic word and length

  @TempDir Path dir;
  private Path file;

  private static Checkpoint checkpoint(int iteration) {
    EpochMetrics metrics =
        new EpochMetrics(1, 7, null, 0.1 + 0.2, 1 / 3.0, Map.of("validationAccuracy", 0.7), 5, 6);
    TrainingState state =
        new TrainingState(
            new Origin(
                JsonNodeFactory.instance.objectNode().put("seed", 1),
                Map.of("train", 3),
                "abc",
                Map.of("model.initFrom", "def"),
                Map.of("descry", "0.2.0"),
                Map.of("threads", "1"),
                List.of()),
            1,
            2,
            iteration,
            new TrainingState.Pass(
                0.1 + 0.7,
                20,
                new TrainingState.Watched(
                    2, Map.of("conv0", new LayerNorms(0, 0.1 + 0.2, 1 / 7.0)))),
            new TrainingState.Rate(1e-3, Double.POSITIVE_INFINITY, 0),
            List.of(metrics),
            metrics,
            0,
            2.5,
            12.5);
    return new Checkpoint(
        state,
        Map.of(
            Checkpoint.PARAMETERS,
            Nd4j.linspace(-1, 1, 300),
            Checkpoint.UPDATER,
            Nd4j.createFromArray(1.0, Double.NaN, -0.0).reshape(1, 3),
            Checkpoint.CARRIED,
            Nd4j.linspace(0, 1, 12).reshape(3, 4).getColumns(1, 2)));
  }

  @BeforeEach
  void write() throws IOException {
    file = dir.resolve("a.checkpoint");
    CheckpointFile.write(file, checkpoint(9));
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Checkpoint read = CheckpointFile.read(file);
    Checkpoint written = checkpoint(9);
    assertThat(read.state()).isEqualTo(written.state());
    assertThat(CheckpointFile.readState(file)).isEqualTo(written.state());
    assertThat(read.arrays().keySet()).isEqualTo(written.arrays().keySet());
    read.arrays()
        .forEach(
            (name, array) -> {
              assertThat(array.dataType()).isEqualTo(written.arrays().get(name).dataType());
              assertThat(array.shape()).isEqualTo(written.arrays().get(name).shape());
              assertThat(array.dup('c').reshape(array.length()).toDoubleVector())
                  .isEqualTo(
                      written.arrays().get(name).dup('c').reshape(array.length()).toDoubleVector());
            });
  }

  @Test
  void aFileThatIsCutAnywhereIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int tenth = 0; tenth < 10; tenth++) {
      Files.write(file, Arrays.copyOf(whole, whole.length * tenth / 10));
      assertThatThrownBy(() -> CheckpointFile.read(file)).isInstanceOf(IOException.class);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertThatThrownBy(() -> CheckpointFile.read(file)).hasMessageContaining("bytes, expected");
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertThatThrownBy(() -> CheckpointFile.read(file)).hasMessageContaining("bytes, expected");
  }

  @Test
  void aFlippedBitIsNoticedWhereverItIs() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      int at = i < 16 ? i : random.nextInt(whole.length); // magic word and length too
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      assertThatThrownBy(() -> CheckpointFile.read(file))
          .as("byte %s", at)
          .isInstanceOf(IOException.class);
    }
  }

  /** A header that another program has made, checksum and all. */
  @Test
  void aHeaderOfNoTrainingIsRefused() throws IOException {
    List<UnaryOperator<String>> changes = new ArrayList<>();
    changes.add(header -> "null");
    changes.add(header -> "[]");
    for (String key : List.of("origin", "pass", "rate", "done", "job", "data", "versions")) {
      changes.add(header -> header.replace("\"" + key + "\":", "\"other\":"));
    }
    for (String key : List.of("name", "type", "shape", "watched", "engine", "fingerprint")) {
      changes.add(header -> header.replaceFirst("\"" + key + "\":", "\"other\":"));
    }
    for (String key : List.of("epoch", "step", "iteration", "rollbacks", "seconds")) {
      changes.add(header -> header.replaceFirst("\"" + key + "\":[0-9]+", "\"" + key + "\":-5"));
    }
    changes.add(header -> header.replace("\"arrays\":[", "\"arrays\":[null,"));
    changes.add(header -> header.replace("\"best\":{\"epoch\":1", "\"best\":{\"epoch\":99"));
    byte[] whole = Files.readAllBytes(file);
    for (UnaryOperator<String> change : changes) {
      String header = new String(header(whole), StandardCharsets.UTF_8);
      String changed = change.apply(header);
      assertThat(changed).isNotEqualTo(header);
      Files.write(file, withHeader(whole, changed.getBytes(StandardCharsets.UTF_8)));
      assertThatThrownBy(() -> CheckpointFile.readState(file))
          .as(changed)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("header");
      assertThatThrownBy(() -> CheckpointFile.read(file)).isInstanceOf(IOException.class);
    }
  }

  private static byte[] header(byte[] whole) {
    int length = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(BEFORE - 4);
    return Arrays.copyOfRange(whole, BEFORE, BEFORE + length);
  }

  private static byte[] withHeader(byte[] whole, byte[] header) {
    int after = BEFORE + header(whole).length + Integer.BYTES;
    ByteBuffer made =
        ByteBuffer.allocate(BEFORE + header.length + whole.length - after + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    made.put(whole, 0, BEFORE - 4).putInt(header.length).put(header);
    CRC32C crc = new CRC32C();
    crc.update(made.array(), 0, made.position());
    return made.putInt((int) crc.getValue()).put(whole, after, whole.length - after).array();
  }

  @Test
  void theNewestAndThoseOfTheBestEpochsAreKept() throws IOException {
    for (int iteration : new int[] {3, 7, 11, 12, 13}) {
      Checkpoints.write(dir, checkpoint(iteration));
    }
    Metric accuracy = Metric.gain("validationAccuracy", "");
    Checkpoints.prune(dir, 13, 2, 1, checkpoint(13).state().done(), accuracy);
    try (var files = Files.list(dir.resolve(Checkpoints.FOLDER))) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "step-0000000007.checkpoint",
              "step-0000000012.checkpoint",
              "step-0000000013.checkpoint");
    }
    assertThat(
            Checkpoints.newest(dir, state -> true, damaged -> {}).orElseThrow().state().iteration())
        .isEqualTo(13);
  }

  /** A damaged file, or one of steps that were gone back on, is in nobody's place. */
  @Test
  void whatIsNumberedAsNewerThanTheNewestIsGone() throws IOException {
    for (int iteration : new int[] {5, 20, 21, 6}) {
      Checkpoints.write(dir, checkpoint(iteration));
    }
    Metric accuracy = Metric.gain("validationAccuracy", "");
    Checkpoints.prune(dir, 6, 1, 0, checkpoint(6).state().done(), accuracy);
    assertThat(dir.resolve(Checkpoints.FOLDER))
        .isDirectoryNotContaining(path -> !path.endsWith("step-0000000006.checkpoint"))
        .isNotEmptyDirectory();
  }
}
