package org.descry.sweep.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.descry.engine.Memory;
import org.descry.job.Job;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.trial.Trial;
import org.descry.testing.SmallJobs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerPoolTest {
  @TempDir Path dir;

  private Job job(String... settings) {
    return SmallJobs.shapes("n", dir, "training={epochs: 5, batchSize: 10}")
        .set(List.of(settings))
        .job();
  }

  /** 3 x 3 x 3 weights of 2 filters at 32 x 32 places, 512 pooled values to 4 units, 10 classes. */
  @Test
  void aTrainingAfterOthersEndsAsOneInAProcessOfItsOwn() {
    List<String> metrics = List.of("validationLoss", "multiplyAdds");
    List<Double> scores = new ArrayList<>();
    for (String earlier : List.of("data.train=30", "training.batchSize=5", "")) {
      try (WorkerPool pool = new WorkerPool(1, 1, 0, metrics)) {
        if (!earlier.isEmpty()) {
          Trial other = run(pool, job(earlier, "name=other"));
          assertThat(other.succeeded()).as(other.failure()).isTrue();
        }
        Trial trial = run(pool, job("output.dir=" + dir.resolve("after" + scores.size())));
        assertThat(trial.measures()).containsEntry("multiplyAdds", 2.0 * 27 * 1024 + 512 * 4 + 40);
        scores.add(trial.score());
      }
    }
    assertThat(scores).containsOnly(scores.get(0));
  }

  private static Trial run(WorkerPool pool, Job job) {
    return pool.run(new TrialJob(0, 0, job), TrialRunner.Watch.NONE).orElseThrow();
  }

  /** As Java alone takes more than a worker has here, whatever it trains. */
  @Test
  void aWorkerThatTakesMoreThanItsShareIsEnded() {
    assumeThat(Path.of("/proc/self/statm")).exists();
    int workers = (int) (Memory.machine() / (40 << 20));
    try (WorkerPool pool = new WorkerPool(workers, 1, 3, List.of("validationLoss"))) {
      Trial greedy = run(pool, job("training.epochs=100000"));
      assertThat(greedy.failure())
          .isEqualTo(
              "Out of memory: it took more than its share, %s MB; expected a smaller"
                  + " training.batchSize or model, or fewer workers.",
              (Memory.machine() / workers) >> 20);
      assertThat(greedy.died()).isFalse();
    }
  }

  /** As when all was killed after a training had paused and before anybody was told. */
  @Test
  void aTrainingThatHasPausedAlreadyDoesNoMore() {
    TrialJob trial = new TrialJob(0, 0, job(), 2);
    try (WorkerPool pool = new WorkerPool(1, 1, 0, List.of("validationLoss"))) {
      Trial first = pool.run(trial, TrialRunner.Watch.NONE).orElseThrow();
      assertThat(first.pruned()).isTrue();
      assertThat(first.epochs()).hasSize(2);
      Trial again = pool.run(trial, TrialRunner.Watch.NONE).orElseThrow();
      assertThat(again.pruned()).isTrue();
      assertThat(again.epochs()).isEqualTo(first.epochs());
      assertThat(again.score()).isEqualTo(first.score());
    }
  }

  /** Another training comes in between, as in a sweep. */
  @Test
  void whoPausesEndsAsOneThatNeverDid() throws IOException {
    String adam = "training.optimizer={type: adam, schedule: {type: cosine}}";
    Job job = job(adam);
    Job other = job(adam, "output.dir=" + dir.resolve("whole"));
    try (WorkerPool pool = new WorkerPool(1, 1, 0, List.of("validationLoss"))) {
      for (int rung : new int[] {1, 3}) {
        TrialJob piece = new TrialJob(0, 0, job, rung);
        assertThat(pool.run(piece, TrialRunner.Watch.NONE).orElseThrow().epochs()).hasSize(rung);
        run(pool, job("name=between" + rung, "training.epochs=1"));
      }
      Trial promoted = run(pool, job);
      Trial whole = run(pool, other);
      assertThat(promoted.pruned()).isFalse();
      assertThat(promoted.score()).isEqualTo(whole.score());
      assertThat(promoted.epochs().stream().map(EpochMetrics::withoutTimes))
          .hasSize(5)
          .isEqualTo(whole.epochs().stream().map(EpochMetrics::withoutTimes).toList());
      assertThat(parameters(promoted)).isEqualTo(parameters(whole));
    }
  }

  private static byte[] parameters(Trial trial) throws IOException {
    try (ZipFile zip = new ZipFile(trial.folder().resolve("model.zip").toFile())) {
      return zip.getInputStream(zip.getEntry("coefficients.bin")).readAllBytes();
    }
  }
}
