package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.job.JobFile;
import org.descry.train.Training.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that are damaged cost the steps since the one before, and nothing else. */
class DamagedCheckpointsTest {
  @TempDir Path dir;

  @Test
  void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
    JobFile whole = ResumedJobs.job(ResumedJobs.ALL.get(0), dir, "whole");
    ResumedJobs.run(whole, Start.NEW);
    JobFile cut = ResumedJobs.job(ResumedJobs.ALL.get(0), dir, "cut");
    ResumedJobs.runFor(13, cut, Start.NEW);
    List<Path> checkpoints = checkpoints("cut");
    Path newest = checkpoints.get(checkpoints.size() - 1);
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 16;
    Files.write(newest, bytes);
    ResumedJobs.Stopper stopper = new ResumedJobs.Stopper(0);
    ResumedJobs.training(cut, Start.RESUME, stopper).run();
    assertThat(stopper.notes().get(0)).contains(newest.toString()).contains("checksum");
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
  }

  /** The newest one is cut at every tenth, and then all are. */
  @Test
  void whereverACheckpointIsCutTheModelIsTheSame() throws IOException {
    JobFile whole = ResumedJobs.job(ResumedJobs.ALL.get(2), dir, "whole");
    ResumedJobs.run(whole, Start.NEW);
    for (int tenth = 0; tenth <= 10; tenth++) {
      String runs = "cut" + tenth;
      JobFile cut =
          ResumedJobs.job(ResumedJobs.ALL.get(2), dir, runs)
              .set("training.checkpoint={every: 3 steps, keepLast: %s}".formatted(1 + tenth % 3));
      ResumedJobs.runFor(7, cut, Start.NEW);
      List<Path> written = checkpoints(runs);
      for (Path file : tenth < 10 ? written.subList(written.size() - 1, written.size()) : written) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length * (tenth % 10) / 10));
      }
      if (tenth == 10 || written.size() == 1) {
        assertThatThrownBy(() -> ResumedJobs.run(cut, Start.RESUME))
            .isInstanceOf(DataException.class)
            .hasMessageContaining("There is no checkpoint that is whole in");
      }
      ResumedJobs.runFor(2, cut, Start.AUTO);
      ResumedJobs.run(cut, Start.RESUME); // from one beside which the damaged one has gone
      ResumedJobs.assertEqual(dir.resolve(runs).resolve("n"), dir.resolve("whole/n"));
    }
  }

  /** That there is nothing to go on from is no end of a run that is to be longer. */
  @Test
  void anEndedRunWhoseCheckpointsAreDamagedCannotGoOn() throws IOException {
    JobFile job = ResumedJobs.job(ResumedJobs.ALL.get(2), dir, "runs");
    ResumedJobs.run(job, Start.NEW);
    for (Path file : checkpoints("runs")) {
      Files.write(file, new byte[] {1});
    }
    assertThat(ended(job)).isTrue();
    JobFile longer = job.set("training.epochs=6");
    assertThat(ended(longer)).isFalse();
    assertThatThrownBy(() -> ResumedJobs.run(longer, Start.RESUME))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("There is no checkpoint that is whole in");
    assertThatThrownBy(() -> ended(job.set("seed=2")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("seed is 2");
    Kinds.open(dir.resolve("runs/n/model.zip"));
  }

  private static boolean ended(JobFile job) {
    return ResumedJobs.training(job, Start.RESUME, new ResumedJobs.Stopper(0)).finished();
  }

  private List<Path> checkpoints(String runs) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve(runs).resolve("n/checkpoints"))) {
      return files.sorted().toList();
    }
  }
}
