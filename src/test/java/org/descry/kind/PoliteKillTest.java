package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM to real processes outside of steps: what lasts long is broken off. */
class PoliteKillTest {
  /** Less than what a program waits for its training after the signal. */
  private static final long PATIENCE_SECONDS = 15;

  private static final String EVALUATED_FOR_LONG =
      """
      model: {type: convnet, stages: [{filters: 128}, {filters: 128}]}
      data: {source: shapes, train: 20, validation: 10000, test: 10}
      training: {epochs: 2, batchSize: 10, checkpoint: {every: 1 step}}
      """;

  @TempDir Path dir;

  private Path out() {
    return dir.resolve("out.txt");
  }

  private Process train(String job) throws IOException {
    Path file = dir.resolve("job.yaml");
    Files.writeString(file, "name: n\noutput: {dir: '%s'}\n".formatted(dir.resolve("runs")) + job);
    return Cli.program(Main.class, "train", "--resume=auto", "--exit-resumable", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(out().toFile())
        .start(); // nobody writes into its standard input, and nobody closes it
  }

  private interface Sign {
    boolean isThere() throws IOException;
  }

  /**
   * Waits for a sign, and a little, and ends the process, which has to end as one to go on with.
   */
  private String ended(Process process, Sign sign) throws Exception {
    try {
      while (process.isAlive() && !sign.isThere()) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(process.isAlive()).as(Files.readString(out())).isTrue();
      // Destroying it would close its input too.
      new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(out())).isEqualTo(75);
      return Files.readString(out());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whileTheDataAreRead() throws Exception {
    Path endless = Path.of("/dev/stdin");
    assumeThat(endless).exists();
    Process process =
        train(
            """
            model: {type: language-rnn, hidden: 4}
            data: {source: text, path: /dev/stdin}
            training: {epochs: 1}
            """);
    assertThat(ended(process, () -> Files.exists(dir.resolve("runs/.n.lock"))))
        .contains("Stopped while the data were read; the same command begins again.");
    assertThat(dir.resolve("runs/n")).doesNotExist();
  }

  @Test
  void whileTheValidationPartIsEvaluated() throws Exception {
    Process process = train(EVALUATED_FOR_LONG);
    Path checkpoints = dir.resolve("runs/n/checkpoints");
    assertThat(
            ended(process, () -> Files.exists(checkpoints.resolve("step-0000000001.checkpoint"))))
        .contains("Stopped in epoch 1; --resume goes on; there was no model to keep yet.");
    assertThat(checkpoints.resolve("step-0000000002.checkpoint")).isNotEmptyFile();
    assertThat(dir.resolve("runs/n/metrics.jsonl")).doesNotExist();
  }

  /** A checkpoint that cannot be written is told of before the program ends. */
  @Test
  void whatFailsMeanwhileIsTold() throws Exception {
    Process process = train(EVALUATED_FOR_LONG);
    Path checkpoints = dir.resolve("runs/n/checkpoints");
    Path first = checkpoints.resolve("step-0000000001.checkpoint");
    Sign sign =
        () -> {
          if (!Files.exists(first)) {
            return false;
          }
          Files.delete(first);
          Files.delete(checkpoints);
          Files.createFile(checkpoints);
          return true;
        };
    assertThat(ended(process, sign)).contains("Cannot write to " + dir.resolve("runs/n"));
  }

  @Test
  void whileTheTestPartIsCaptioned() throws Exception {
    Process process =
        train(
            """
            model: {type: captioning-rnn, stages: [{filters: 3}], embedding: 64, hidden: 512, rnn: lstm}
            data: {source: shape-captions, train: 20, validation: 10, test: 5000}
            training: {epochs: 1, batchSize: 10}
            decoding: {beam: 10}
            """);
    assertThat(ended(process, () -> Files.exists(dir.resolve("runs/n/metrics.jsonl"))))
        .contains("Stopped while the test part was evaluated; --resume goes on; the best model");
    assertThat(dir.resolve("runs/n/model.zip")).isNotEmptyFile();
    assertThat(dir.resolve("runs/n/checkpoints")).isNotEmptyDirectory();
    assertThat(dir.resolve("runs/n/summary.json")).doesNotExist();
  }
}
