package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.ExitCode;
import org.descry.job.JobFile;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pipe that is open already, and that nobody writes to, stands for a network folder that no
 * longer answers.
 */
@Timeout(60)
class HangingDataTest {
  private static final Path OPEN_FILES = Path.of("/dev/fd");

  @TempDir Path dir;
  private RandomAccessFile pipe;
  private Path text;

  @BeforeEach
  void open() throws IOException, InterruptedException {
    Path file = dir.resolve("pipe");
    assumeThat(OPEN_FILES).exists();
    assumeThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    pipe = new RandomAccessFile(file.toFile(), "rw"); // for writing too: its readers wait
    try (Stream<Path> open = Files.list(OPEN_FILES)) {
      text = open.filter(one -> leadsTo(file, one)).findFirst().orElseThrow();
    }
  }

  private static boolean leadsTo(Path file, Path link) {
    try {
      return Files.isSameFile(file, link);
    } catch (IOException e) {
      return false; // the listing's own
    }
  }

  @AfterEach
  void close() throws IOException {
    if (pipe != null) {
      pipe.close();
    }
  }

  private Training training(String timeout) {
    JobFile job =
        JobFile.parse(
                "job",
                """
                name: n
                model: {type: language-rnn, hidden: 4}
                data: {source: text, path: TEXT}
                training: {epochs: 1, dataTimeout: TIME}
                """
                    .replace("TEXT", text.toString())
                    .replace("TIME", timeout))
            .set("output.dir=" + dir.resolve("runs"));
    return Kinds.training(job.job(), new Training.Options(false, false), TrainingProgress.NONE);
  }

  @Test
  void theJobEndsWithTheSourcesName() {
    assertThatThrownBy(() -> training("0.3s").run())
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DATA))
        .hasMessageContaining(text + " has not been read to its end after 0.3s")
        .hasMessageContaining("training.dataTimeout");
    assertThat(dir.resolve("runs/n")).doesNotExist();
  }

  @Test
  void aRequestToStopIsHeardMeanwhile() throws InterruptedException {
    Training training = training("10m");
    Thread asks =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(300);
              } catch (InterruptedException e) {
                return;
              }
              training.stop();
            });
    asks.start();
    assertThatThrownBy(training::run)
        .isInstanceOf(TrainingStoppedException.class)
        .hasMessageContaining("while the data were read");
    asks.join();
  }
}
