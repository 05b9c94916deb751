package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.descry.UsageException;
import org.descry.archive.ModelArchive;
import org.descry.job.JobFile;
import org.descry.train.Training.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose batches are divided; that they go on to the same bits is {@link ResumeTest}'s. */
class SplitJobTest {
  private static final String IMAGES =
      """
      model: {type: convnet, stages: [{filters: 3}]}
      data: {source: shapes, train: 45, validation: 10, test: 10}
      training: {epochs: 1, batchSize: 20}
      """;

  @TempDir private Path dir;

  private JobFile job(String name) throws Exception {
    return ResumedJobs.job(IMAGES, dir, name);
  }

  @Test
  void theSummaryAndTheZipSayInHowManyShards() throws Exception {
    JobFile job = job("split").set("training.split=3");
    assertThat(ResumedJobs.run(job, Start.NEW).batchParts()).isEqualTo(3);
    Path model = dir.resolve("split/n/model.zip");
    JsonNode recorded = ModelArchive.read(model).manifest().provenance().job();
    assertThat(recorded.at("/training/split").intValue()).isEqualTo(3);
  }

  @Test
  void aRunningTextIsNotSplit() throws Exception {
    JobFile job = ResumedJobs.job(ResumedJobs.ALL.get(2), dir, "runs").set("training.split=2");
    assertThatThrownBy(() -> ResumedJobs.run(job, Start.NEW))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "training.split is 2, but expected 1 for a running text, whose batches begin where"
                + " those before them end.");
  }

  @Test
  void everyShardNeedsItsExamples() throws Exception {
    assertThatThrownBy(() -> job("few").set("training.split=21").job())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("split is 21, but expected at most 20 with a batchSize of 20");
    assertThatThrownBy(
            () -> job("own").set("training.batchNormOver=shard").set("training.split=11").job())
        .hasMessageContaining(
            "split is 11, but expected at most 10 with a batchSize of 20 and batchNormOver: shard");
  }
}
