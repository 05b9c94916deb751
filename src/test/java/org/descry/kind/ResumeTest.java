package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.engine.dnn.Precision;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.Training.Start;
import org.descry.train.TrainingStoppedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that was interrupted and goes on ends as one that was not, to the bit. */
class ResumeTest {
  @TempDir Path dir;

  static List<String> kinds() {
    return ResumedJobs.ALL;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void interruptedAnywhereItEndsWithTheSameBits(String kind) throws IOException {
    JobFile whole = ResumedJobs.job(kind, dir, "whole");
    Summary expected = ResumedJobs.run(whole, Start.NEW);
    JobFile cut = ResumedJobs.job(kind, dir, "cut");
    ResumedJobs.runFor(2, cut, Start.AUTO); // in the first epoch
    ResumedJobs.runFor(5, cut, Start.RESUME);
    ResumedJobs.runFor(1, cut, Start.RESUME);
    Summary summary = ResumedJobs.run(cut, Start.RESUME);
    assertThat(summary.bestEpoch()).isEqualTo(expected.bestEpoch());
    assertThat(summary.evaluation().summary()).isEqualTo(expected.evaluation().summary());
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
    assertThat(ResumedJobs.training(cut, Start.AUTO, new ResumedJobs.Stopper(0)).finished())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theSameWithBfloat16(String kind) throws IOException {
    assumeThat(Precision.BFLOAT16.obstacle()).as("this processor lacks it").isNull();
    ResumedJobs.run(bfloat16(kind, "whole"), Start.NEW);
    ResumedJobs.runFor(2, bfloat16(kind, "cut"), Start.NEW);
    ResumedJobs.runFor(5, bfloat16(kind, "cut"), Start.RESUME);
    ResumedJobs.run(bfloat16(kind, "cut"), Start.RESUME);
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
  }

  /** What {@link ResumedJobs} has not, of all that remembers or draws something. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 | data.augment={mirror: true, alternate: true, shift: 2, reflect: true, cutout: 5, mixup: 0.4}
          0 | data.augment={erase: 0.5, jitter: 0.3, crop: 0.6}; training.balanceClasses=true
          0 | model={type: resnet, depth: 8, filters: 2}; training.weightAverage=0; training.optimizer={type: nesterov, schedule: {type: one-cycle}}
          0 | model={type: fast, widths: [2, 2, 2]}; training.optimizer={type: sgd, learningRate: 1e-3}
          0 | model={type: three-layer-convnet, filters: 2, hidden: 4}; training.split=1; training.warmUpEpochs=1.5; training.gradientClipping={globalNorm: 0.1}
          0 | training.weightAverage=0; training.lookahead={every: 3}; training.optimizer={type: adamw, schedule: {type: exponential}}; training.l2=0
          0 | training.averageEvery=2; training.weightAverage=0; training.batchNormOver=shard; training.optimizer={type: rmsprop, schedule: {type: step, every: 1}}
          1 | model.attention=soft; model.scheduledSampling=0.5; model.embeddingDropout=0.2; model.outputDropout=0.2; model.rnn=lstm
          1 | model.rnn=gru; model.layers=2; data.bucketing=true; training.evaluateEvery=2
          2 | data.sequences=lines; data.bucketing=true; data.unit=word; model.rnn=gru; model.layers=2
          2 | data.sequences=lines; data.bptt=3; model.embedding=0
          3 | model.loss=mean; training.selectBy=loss; data.bucketing=false; training.labelSmoothing=0
          3 | model.readout=last; model.rnn=gru; training.evaluateEvery=2
          """)
  void theSameWithAllElseThatHasAState(int kind, String settings) throws IOException {
    List<String> more = List.of(settings.split("; "));
    ResumedJobs.run(ResumedJobs.job(kinds().get(kind), dir, "whole").set(more), Start.NEW);
    JobFile cut = ResumedJobs.job(kinds().get(kind), dir, "cut").set(more);
    ResumedJobs.runFor(1, cut, Start.NEW);
    ResumedJobs.runFor(3, cut, Start.RESUME);
    ResumedJobs.run(cut, Start.RESUME);
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
  }

  private JobFile bfloat16(String kind, String runs) throws IOException {
    return ResumedJobs.job(kind, dir, runs).set("training.precision=bfloat16");
  }

  @Test
  void oneThatIsStoppedBeforeItsFirstStepGoesOnToo() throws IOException {
    JobFile job = ResumedJobs.job(kinds().get(2), dir, "runs");
    Training training = ResumedJobs.training(job, Start.NEW, new ResumedJobs.Stopper(0));
    training.stop();
    assertThatThrownBy(training::run).isInstanceOf(TrainingStoppedException.class);
    ResumedJobs.run(job, Start.RESUME);
  }

  private List<Path> checkpoints(String runs) throws IOException {
    try (Stream<Path> files = Files.list(dir.resolve(runs).resolve("n/checkpoints"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void checkpointsAreKeptAsTheJobSays() throws IOException {
    JobFile job =
        ResumedJobs.job(kinds().get(0), dir, "few")
            .set("training.checkpoint={every: 2 steps, keepLast: 1, keepBest: 0}");
    ResumedJobs.run(job, Start.NEW);
    assertThat(checkpoints("few")).hasSize(1);
    JobFile often =
        ResumedJobs.job(kinds().get(0), dir, "often")
            .set("training.checkpoint={every: 5 steps, keepLast: 9}");
    ResumedJobs.run(often, Start.NEW); // after the last step of each epoch
    assertThat(checkpoints("often")).hasSize(4);
  }

  @Test
  void moreEpochsGoOnFromAnEndedRun() throws IOException {
    JobFile whole = ResumedJobs.job(kinds().get(0), dir, "whole");
    ResumedJobs.run(whole, Start.NEW);
    JobFile longer = ResumedJobs.job(kinds().get(0), dir, "longer");
    ResumedJobs.run(longer.set("training.epochs=2"), Start.NEW);
    assertThat(ResumedJobs.training(longer, Start.RESUME, new ResumedJobs.Stopper(0)).finished())
        .isFalse();
    ResumedJobs.run(longer, Start.RESUME);
    ResumedJobs.assertEqual(dir.resolve("longer/n"), dir.resolve("whole/n"));
  }

  /** A rule that has not ended a run is no reason against more epochs of it. */
  @Test
  void moreEpochsGoOnBesideEarlyStopping() throws IOException {
    JobFile job =
        ResumedJobs.job(kinds().get(2), dir, "runs")
            .set("training.earlyStopping={patience: 2, minDelta: 9}");
    ResumedJobs.run(job.set("training.epochs=1"), Start.NEW);
    assertThat(ended(job.set("training.epochs=1"))).isTrue();
    assertThat(ended(job)).isFalse();
    assertThat(ResumedJobs.run(job, Start.RESUME).ended()).isEqualTo("earlyStopping");
    JobFile more = job.set("training.epochs=9");
    assertThat(ended(more)).isTrue();
    JobFile patient = more.set("training.earlyStopping.patience=4");
    assertThat(ended(patient)).isFalse();
    assertThat(ResumedJobs.run(patient, Start.RESUME).epochs()).isEqualTo(5);
    assertThat(ended(patient)).isTrue();
  }

  private static boolean ended(JobFile job) {
    return ResumedJobs.training(job, Start.RESUME, new ResumedJobs.Stopper(0)).finished();
  }

  @Test
  void theModelThatIsThereIsNotSavedAgain() throws IOException {
    JobFile job = ResumedJobs.job(kinds().get(0), dir, "runs");
    ResumedJobs.run(job.set("training.epochs=1"), Start.NEW);
    Path model = dir.resolve("runs/n/model.zip");
    Files.setLastModifiedTime(model, FileTime.fromMillis(0));
    ResumedJobs.runFor(1, job, Start.RESUME);
    assertThat(Files.getLastModifiedTime(model)).isEqualTo(FileTime.fromMillis(0));
    Files.write(model, new byte[] {1});
    ResumedJobs.runFor(1, job, Start.RESUME);
    ResumedJobs.run(job, Start.RESUME);
    Kinds.open(model); // damaged or not, there is one in the end
  }

  @Test
  void anotherJobIsRefused() throws IOException {
    JobFile job = ResumedJobs.job(kinds().get(0), dir, "runs");
    ResumedJobs.runFor(2, job, Start.NEW);
    JobFile other = job.set("training.batchSize=9");
    assertThatThrownBy(() -> ResumedJobs.run(other, Start.AUTO))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("training.batchSize is 9, but the training in")
        .hasMessageContaining("was begun with 10");
    assertThatThrownBy(() -> ResumedJobs.run(job, Start.NEW))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("holds a run that has not ended; expected --resume");
    JobFile cosine = ResumedJobs.job(kinds().get(1), dir, "cosine");
    ResumedJobs.runFor(2, cosine, Start.NEW);
    assertThatThrownBy(() -> ResumedJobs.run(cosine.set("training.epochs=5"), Start.RESUME))
        .hasMessageContaining("training.epochs is 5")
        .hasMessageContaining("for which its schedule is laid out");
  }

  @Test
  void otherDataAreRefused() throws IOException {
    JobFile job = ResumedJobs.job(kinds().get(2), dir, "runs");
    ResumedJobs.runFor(2, job, Start.NEW);
    Path text = dir.resolve("text.txt");
    Files.writeString(text, Files.readString(text).replace("rat", "tar"));
    assertThatThrownBy(() -> ResumedJobs.run(job, Start.RESUME))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("The data have changed since the training");
  }

  @Test
  void withNothingToGoOnFromItIsRefusedOrBegun() throws IOException {
    JobFile job = ResumedJobs.job(kinds().get(2), dir, "runs");
    assertThatThrownBy(() -> ResumedJobs.run(job, Start.RESUME))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("no checkpoint in")
        .hasMessageContaining("--resume=auto begins anew");
    ResumedJobs.run(job, Start.AUTO);
  }

  @Test
  void datedRunsLieBesideOneAnother() throws IOException {
    JobFile job = ResumedJobs.job(kinds().get(2), dir, "runs").set("output.layout=dated");
    Training first = ResumedJobs.training(job, Start.AUTO, new ResumedJobs.Stopper(0));
    first.run();
    assertThat(Files.readString(dir.resolve("runs/n/LATEST")).strip())
        .isEqualTo(first.folder().getFileName().toString());
    Training second = ResumedJobs.training(job, Start.AUTO, new ResumedJobs.Stopper(3));
    assertThatThrownBy(second::run).isInstanceOf(TrainingStoppedException.class);
    assertThat(second.folder()).isNotEqualTo(first.folder());
    Training third = ResumedJobs.training(job, Start.AUTO, new ResumedJobs.Stopper(0));
    third.run();
    assertThat(third.folder()).isEqualTo(second.folder());
    ResumedJobs.assertEqual(second.folder(), first.folder());
    assertThatThrownBy(() -> ResumedJobs.run(job.set("output.layout=plain"), Start.NEW))
        .hasMessageContaining("holds something else than a run");
  }

  @Test
  void aRunOfANameOfItsOwnIsTheOneToGoOnWith() throws IOException {
    Job job = ResumedJobs.job(kinds().get(2), dir, "runs").job();
    for (String id : List.of("a", "b")) {
      ResumedJobs.Stopper stopper = new ResumedJobs.Stopper(3);
      stopper.training = Kinds.training(job, new Training.Options(Start.NEW, id, false), stopper);
      assertThatThrownBy(stopper.training::run).isInstanceOf(TrainingStoppedException.class);
    }
    assertThat(dir.resolve("runs/n/LATEST")).hasContent("b");
    Training first =
        Kinds.training(
            job, new Training.Options(Start.RESUME, "a", false), new ResumedJobs.Stopper(0));
    first.run();
    assertThat(first.folder()).isEqualTo(dir.resolve("runs/n/a"));
    assertThat(first.finished()).isTrue();
    JobFile plain = ResumedJobs.job(kinds().get(2), dir, "plain");
    ResumedJobs.runFor(2, plain, Start.NEW);
    assertThatThrownBy(
            () ->
                Kinds.training(
                    plain.job(),
                    new Training.Options(Start.NEW, "a", false),
                    new ResumedJobs.Stopper(0)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is a run itself and cannot hold others");
    assertThatThrownBy(
            () ->
                Kinds.training(
                    job,
                    new Training.Options(Start.NEW, "../a", false),
                    new ResumedJobs.Stopper(0)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("The run's name is '../a'");
    // Files of a run or of several: the folder would be no place for runs any more.
    for (String name :
        List.of("LATEST", "latest", "job.yaml", "journal.jsonl", "checkpoints", "a.")) {
      assertThatThrownBy(
              () ->
                  Kinds.training(
                      job,
                      new Training.Options(Start.NEW, name, false),
                      new ResumedJobs.Stopper(0)))
          .isInstanceOf(UsageException.class)
          .hasMessageContaining("The run's name is '" + name + "'");
    }
  }

  /** A run that replaces another one and is interrupted before its first model goes on. */
  @Test
  void aReplacementGoesOn() throws IOException {
    JobFile whole = ResumedJobs.job(kinds().get(0), dir, "whole");
    ResumedJobs.run(whole, Start.NEW);
    JobFile job = ResumedJobs.job(kinds().get(0), dir, "runs");
    ResumedJobs.run(job.set("seed=2"), Start.NEW);
    byte[] old = Files.readAllBytes(dir.resolve("runs/n/model.zip"));
    ResumedJobs.runFor(2, job, Start.REPLACE);
    assertThat(dir.resolve("runs/n/model.zip")).hasBinaryContent(old);
    ResumedJobs.run(job, Start.RESUME);
    ResumedJobs.assertEqual(dir.resolve("runs/n"), dir.resolve("whole/n"));
    assertThat(dir.resolve("runs/n/.new")).doesNotExist();
  }
}
