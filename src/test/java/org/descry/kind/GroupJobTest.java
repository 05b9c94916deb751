package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.UsageException;
import org.descry.data.builtin.Shapes;
import org.descry.data.convert.DataConverter;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.job.JobFile;
import org.descry.replay.ProcessGroup;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole jobs of several processes, each of which does a shard of every batch, and of one alone. */
class GroupJobTest {
  private static final String IMAGES =
      """
      model: {type: convnet, stages: [{filters: 3}], batchNorm: true, dropout: 0.3}
      data: {source: shapes, train: 45, validation: 10, test: 10, augment: {mirror: true, shift: 2}}
      training:
        epochs: 3
        batchSize: 20
        optimizer: {type: adam, schedule: {type: cosine}}
        gradientClipping: {globalNorm: 0.5}
      """;
  private static final String CAPTIONS =
      """
      model: {type: captioning-rnn, stages: [{filters: 3}], embedding: 4, hidden: 6}
      data: {source: shape-captions, train: 80, validation: 10, test: 10}
      training: {epochs: 2, batchSize: 40, l2: 0.01, optimizer: {type: nesterov}}
      """;

  @TempDir private Path dir;

  private JobFile job(String kind, String runs, int split, String... settings) throws Exception {
    JobFile job = ResumedJobs.job(kind, dir, runs).set("training.split=" + split);
    for (String setting : settings) {
      job = job.set("training." + setting);
    }
    return job;
  }

  @ParameterizedTest
  @CsvSource({
    "batchNormOver=batch, 3",
    "batchNormOver=shard, 2",
    "gradients=bfloat16, 3",
    "averageEvery=2, 3"
  })
  void processesLeaveTheBitsOfOneThatSplitsItsBatches(String setting, int split) throws Exception {
    for (String kind : List.of(IMAGES, CAPTIONS)) {
      String runs = kind.equals(IMAGES) ? "images" : "captions";
      JobFile job = job(kind, runs, split, setting);
      assertThat(ResumedJobs.run(job, Start.NEW).batchParts()).isEqualTo(split);
      ProcessGroup.run(split, rank -> trained(job, runs + rank));
      for (int rank = 0; rank < split; rank++) {
        ResumedJobs.assertEqual(dir.resolve(runs + rank + "/n"), dir.resolve(runs + "/n"));
      }
    }
  }

  /** Of the folder, each process decodes a part. */
  @ParameterizedTest
  @ValueSource(
      strings = {"image-folder, height: 12, width: 12, path: FOLDER", "cifar10, path: CIFAR"})
  void imagesFromFilesAreThoseOfOneProcess(String source) throws Exception {
    CifarWriter.write(Shapes.generate(3, 40, 10, 10), dir.resolve("cifar"));
    DataConverter.convert(dir.resolve("cifar"), dir.resolve("folder"), CifarLabels.FINE);
    String first = dir.resolve("folder/train").toFile().list()[0];
    Files.writeString(dir.resolve("folder/train").resolve(first).resolve("bad.png"), "no image");
    String data =
        source
            .replace("FOLDER", dir.resolve("folder/train").toString())
            .replace("CIFAR", dir.resolve("cifar").toString());
    String kind =
        IMAGES.replaceFirst(
            "source: shapes, [^}]*", "source: " + data + ", onBadRecord: skip, augment: {shift: 1");
    JobFile job = job(kind, "files", 3, "epochs=2");
    ResumedJobs.run(job, Start.NEW);
    ProcessGroup.run(3, rank -> trained(job, "files" + rank));
    for (int rank = 0; rank < 3; rank++) {
      Path run = dir.resolve("files" + rank + "/n");
      ResumedJobs.assertEqual(run, dir.resolve("files/n"));
      Path bad = run.resolve("bad-records.jsonl");
      assertThat(Files.exists(bad)).isEqualTo(source.startsWith("image-folder"));
      if (Files.exists(bad)) {
        assertThat(bad).hasSameTextualContentAs(dir.resolve("files/n/bad-records.jsonl"));
      }
    }
  }

  private Path trained(JobFile job, String runs) {
    Path to = dir.resolve(runs);
    Training.Options options = new Training.Options(Start.NEW, null, false, 0, to);
    Kinds.training(job.job(), options, TrainingProgress.NONE).run();
    return to;
  }

  /** Rounding and steps apart are no names for the same thing. */
  @ParameterizedTest
  @ValueSource(strings = {"gradients=bfloat16", "averageEvery=2"})
  void theSettingIsFollowed(String setting) throws Exception {
    ResumedJobs.run(job(IMAGES, "plain", 2, "batchNormOver=shard"), Start.NEW);
    ResumedJobs.run(job(IMAGES, "other", 2, "batchNormOver=shard", setting), Start.NEW);
    assertThatThrownBy(
            () -> ResumedJobs.assertEqual(dir.resolve("other/n"), dir.resolve("plain/n")))
        .isInstanceOf(AssertionError.class);
  }

  /** Of five steps an epoch, with means after the second, the fourth and the last. */
  @Test
  void anInterruptionWaitsForTheNextMeanAndChangesNothing() throws Exception {
    String[] local = {"averageEvery=2", "checkpoint.every=1 steps", "batchSize=10"};
    ResumedJobs.run(job(IMAGES, "whole", 2, local), Start.NEW);
    JobFile cut = job(IMAGES, "cut", 2, local);
    ResumedJobs.runFor(1, cut, Start.AUTO);
    ResumedJobs.runFor(3, cut, Start.RESUME);
    ResumedJobs.runFor(2, cut, Start.RESUME);
    ResumedJobs.run(cut, Start.RESUME);
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
  }

  @Test
  void theMostStepsAreKeptToInTheMiddleOfARound() throws Exception {
    JobFile job = job(IMAGES, "most", 2, "averageEvery=2", "batchSize=10", "maxSteps=8");
    assertThat(ResumedJobs.run(job, Start.NEW).ended()).isEqualTo("maxSteps");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "averageEvery=2 split=1 | averageEvery is 2, but expected 1 with a split of 1",
        "averageEvery=2 weightAverage=0.9 | expected 1 with weightAverage, whose slow weights",
        "averageEvery=2 lookahead={} | averageEvery is 2, but expected 1 with lookahead",
        "averageEvery=2 onDivergence={} | expected 1 where the rate is changed after an epoch",
        "gradients=bfloat16 split=1 | gradients is bfloat16, but expected float32 with a split of"
            + " 1",
        "gradients=bfloat16 averageEvery=2 | expected float32 with an averageEvery of 2",
        "averageEvery=2 split=11 | split is 11, but expected at most 10 with a batchSize of 20 and"
            + " averageEvery: 2"
      })
  void whatDoesNotGoTogetherIsRefused(String settings, String said) {
    assertThatThrownBy(() -> job(IMAGES, "refused", 2, settings.split(" ")).job())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining(said);
  }

  @Test
  void whatOneNetworkKeepsToIsRefused() throws Exception {
    JobFile job = job(CAPTIONS, "own", 2, "averageEvery=2", "epochs=1");
    JobFile stages = job(IMAGES, "stages", 2, "epochs=1");
    ResumedJobs.run(stages.set("model.batchNorm=false").set("model.dropout=0"), Start.NEW);
    Path zip = dir.resolve("stages/n/model.zip");
    JobFile late = job.set("model.initFrom=" + zip).set("model.unfreezeAt=1");
    assertThatThrownBy(() -> ResumedJobs.run(late, Start.REPLACE))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("averageEvery is 2, but expected 1 with model.unfreezeAt");
    JobFile words = job.set("model.scheduledSampling=0.5");
    assertThatThrownBy(() -> ResumedJobs.run(words, Start.REPLACE))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("averageEvery is 2, but expected 1 with scheduled sampling");
  }
}
