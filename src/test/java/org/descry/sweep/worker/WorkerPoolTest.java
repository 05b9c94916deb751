package org.descry.sweep.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.sweep.trial.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerPoolTest {
  @TempDir Path dir;

  /** As when all was killed after a training had paused and before anybody was told. */
  @Test
  void aTrainingThatHasPausedAlreadyDoesNoMore() {
    Job job =
        JobFile.parse(
                "job",
                """
                name: n
                model: {type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}
                data: {source: shapes, train: 20, validation: 10, test: 10}
                training: {epochs: 5, batchSize: 10}
                """)
            .set("output.dir=" + dir)
            .job();
    TrialJob trial = new TrialJob(0, 0, job, 2);
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
}
