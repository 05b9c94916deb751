package org.descry.kind;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DivergedException;
import org.descry.UsageException;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.replay.GradientListener;
import org.descry.train.Summary;
import org.descry.train.Task;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Trainings that end before their last epoch, as the job says or because they must. */
class EarlyEndTest {
  @TempDir Path dir;
  private final List<String> notes = new ArrayList<>();

  private JobFile job(String... settings) throws IOException {
    return ResumedJobs.job(ResumedJobs.ALL.get(0), dir, "runs").set(List.of(settings));
  }

  private Summary run(JobFile job) {
    TrainingProgress progress =
        new TrainingProgress() {
          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }
        };
    return Kinds.training(job.job(), new Training.Options(true, false), progress).run();
  }

  @Test
  void stepsAreLimitedAndTheLastEpochIsEvaluated() throws IOException {
    Summary summary = run(job("training.maxSteps=7", "training.evaluateEvery=4"));
    assertThat(summary.ended()).isEqualTo("maxSteps");
    assertThat(summary.epochs()).isEqualTo(2);
    assertThat(summary.bestEpoch()).isEqualTo(2);
    assertThat(Files.readAllLines(dir.resolve("runs/n/metrics.jsonl")).get(1))
        .contains("\"iteration\":7")
        .contains("validationLoss");
  }

  @Test
  void aTrainingThatGetsNoBetterEnds() throws IOException {
    String[] stuck = {
      "training.epochs=50",
      "model.batchNorm=false", // whose averages change without a rate
      "training.optimizer={type: sgd, learningRate: 1e-20}",
      "training.earlyStopping={metric: validationLoss, patience: 3, minDelta: 0.001}"
    };
    Summary summary = run(job(stuck));
    assertThat(summary.ended()).isEqualTo("earlyStopping");
    assertThat(summary.epochs()).isEqualTo(4);
  }

  @Test
  void theLastModelIsKeptInPlaceOfTheBestIfAskedFor() throws IOException {
    String rule = "training.earlyStopping={patience: 2, restoreBest: false, minDelta: 1}";
    Summary summary = run(job("training.epochs=50", rule));
    assertThat(summary.ended()).isEqualTo("earlyStopping");
    assertThat(summary.bestEpoch()).isEqualTo(summary.epochs());
  }

  /** However the training ends. */
  @Test
  void theLastModelIsKeptAfterTheLastEpochToo() throws IOException {
    String[] worse = {
      "training.epochs=2",
      "training.selectBy=loss",
      "training.weightAverage=0",
      "training.optimizer={type: adam, learningRate: 0.3}"
    };
    assertThat(run(job(worse)).bestEpoch()).isOne();
    JobFile last = job(worse).set("training.earlyStopping={patience: 50, restoreBest: false}");
    Summary summary = run(last);
    assertThat(summary.ended()).isEqualTo("epochs");
    assertThat(summary.bestEpoch()).isEqualTo(2);
  }

  static List<String> kinds() {
    return ResumedJobs.ALL;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anyFigureOfAnEpochMayEndIt(String kind) throws IOException {
    JobFile job = ResumedJobs.job(kind, dir, "runs").set("training.epochs=50");
    List<Metric> metrics = new ArrayList<>(Kinds.load(job.job(), Task.Limits.NONE).metrics());
    metrics.addAll(EpochMetrics.LOSSES);
    assertThat(metrics).extracting(Metric::name).contains("trainLoss", "validationLoss");
    for (Metric metric : metrics) {
      if (!metric.name().matches("(train|validation).*")) { // known at the end alone
        assertThatThrownBy(
                () -> run(job.set("training.earlyStopping={metric: %s}".formatted(metric.name()))))
            .isInstanceOf(UsageException.class)
            .hasMessageContaining("training.earlyStopping.metric is " + metric.name());
        continue;
      }
      Summary summary =
          run(
              job.set(
                  "training.earlyStopping={metric: %s, patience: 2, minDelta: 1000}"
                      .formatted(metric.name())));
      assertThat(summary.ended()).as(metric.name()).isEqualTo("earlyStopping");
      assertThat(summary.epochs()).as(metric.name()).isEqualTo(3);
    }
  }

  @Test
  void anUnknownMetricIsRefusedWithThoseThatThereAre() throws IOException {
    assertThatThrownBy(() -> run(job("training.earlyStopping={metric: validationBleu4}")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("training.earlyStopping.metric is validationBleu4")
        .hasMessageContaining("validationAccuracy");
  }

  @Test
  void aDivergedTrainingNamesTheLayer() {
    assertThatThrownBy(
            () ->
                run(
                    job(
                        "model={type: convnet, stages: [{filters: 3}]}",
                        "training.weightAverage=0",
                        "training.optimizer={type: sgd, learningRate: 1e25}")))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching(
            "(?s).* in epoch \\d+, step \\d+ \\(first in the (activations|parameters) of layer"
                + " \\w+\\): training has diverged.*");
    String large = "model={type: convnet, stages: [{filters: 3}], weightScale: 1e30}";
    assertThatThrownBy(() -> run(job(large, "training.weightAverage=0")))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("step 1 (first in ")
        .hasMessageContaining("): before anything was learnt; expected smaller initial weights");
  }

  /** The loss of a step is right when its gradients go wrong; the parameters follow them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training.watch=true | gradients of layer conv1, in an earlier step
          training.watch=false; training.gradientClipping={globalNorm: 1} | gradients of layer conv1, in an earlier step
          training.watch=false | parameters of layer conv1
          """)
  void gradientsThatWentWrongFirstAreNamed(String settings, String where) throws IOException {
    GradientListener spoiling =
        new GradientListener() {
          @Override
          public void onGradientCalculation(Model model) {
            ComputationGraph network = (ComputationGraph) model;
            if (network.getIterationCount() == 3) {
              network.getLayer("conv1").getGradientsViewArray().assign(Float.NaN);
            }
          }
        };
    Training training =
        new Training(
            job(settings.split("; ")).job(),
            (toLoad, limits, intake) -> {
              Task task = Kinds.load(toLoad, limits);
              task.network().addListeners(spoiling);
              return task;
            },
            new Training.Options(true, false),
            TrainingProgress.NONE);
    assertThatThrownBy(training::run)
        .hasMessageContaining(" in epoch 1, step 5 (first in the %s): ".formatted(where));
  }

  /** Rates so large that losses are huge, and finite for as long as the test lasts. */
  @ParameterizedTest
  @MethodSource("exploding")
  void aFiniteExplosionIsADivergence(String kind, String optimizer) throws IOException {
    JobFile job =
        ResumedJobs.job(kind, dir, "runs")
            .set("training.optimizer=" + optimizer)
            .set("training.weightAverage=0");
    assertThatThrownBy(() -> run(job))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching(
            "(?s)The loss is [0-9.e+]+, over 1000 times the first step's [0-9.e+]+ in epoch \\d+,"
                + " step \\d+ \\(first in the activations of layer \\w+\\): training has"
                + " diverged.*");
    Summary summary = run(job.set("training.onDivergence={explosion: 0}"));
    assertThat(summary.ended()).isEqualTo("epochs");
  }

  static Stream<Arguments> exploding() {
    return Stream.of(
        Arguments.of(ResumedJobs.ALL.get(0), "{type: adam, learningRate: 1e4}"),
        Arguments.of(ResumedJobs.ALL.get(1), "{type: adam, learningRate: 1e4}"),
        Arguments.of(ResumedJobs.ALL.get(2), "{type: adam, learningRate: 1e5}"));
  }

  /** The checkpoint after the step that went wrong is not gone back to. */
  @Test
  void anExplosionGoesBackBeforeTheStepThatWentWrong() throws IOException {
    JobFile job =
        job(
            "training.checkpoint={every: 1 step, keepLast: 3}",
            "training.onDivergence={factor: 0.25, times: 1}",
            "training.optimizer={type: sgd, learningRate: 0.01}");
    assertThat(spoilt(job, params -> params.muli(1e6)).run().ended()).isEqualTo("epochs");
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0))
        .startsWith("The loss is ")
        .contains("in epoch 2, step 3")
        .contains("goes back to epoch 2, step 2, with a learning rate of 0.0025");
  }

  /** The first steps at a rate go wrong most often: the start is a checkpoint. */
  @Test
  void aDivergenceInTheFirstStepsGoesBackToTheStart() throws IOException {
    JobFile job =
        job(
            "model.batchNorm=false",
            "training.weightAverage=0",
            "training.optimizer={type: sgd, learningRate: 50}",
            "training.onDivergence={factor: 0.001}");
    assertThat(run(job).ended()).isEqualTo("epochs");
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0))
        .contains("in epoch 1, step 2")
        .contains("goes back to epoch 1, step 1, with a learning rate of 0.05");
  }

  /** A training whose parameters are spoilt in the second epoch. */
  private Training spoilt(JobFile job) {
    return spoilt(job, params -> params.assign(Float.NaN));
  }

  private Training spoilt(JobFile job, Consumer<INDArray> spoiling) {
    Task[] task = new Task[1];
    TrainingProgress progress =
        new TrainingProgress() {
          private boolean done;

          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }

          @Override
          public void step(int epoch, int step, double meanLoss, double examplesPerSecond) {
            if (epoch == 2 && step == 2 && !done) {
              done = true;
              spoiling.accept(task[0].network().params());
            }
          }
        };
    return new Training(
        job.job(),
        (toLoad, limits, intake) -> task[0] = Kinds.load(toLoad, limits),
        new Training.Options(true, false),
        progress);
  }

  @Test
  void aDivergedTrainingGoesBackAndOnWithASmallerRate() throws IOException {
    JobFile job = job("training.optimizer={type: sgd, learningRate: 0.01}");
    assertThatThrownBy(() -> spoilt(job).run())
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("in epoch 2, step 3 (first in the parameters of layer ")
        .hasMessageContaining("The last good checkpoint is after step 5.");
    Summary summary = spoilt(job.set("training.onDivergence={factor: 0.25, times: 1}")).run();
    assertThat(summary.ended()).isEqualTo("epochs");
    assertThat(notes).hasSize(1);
    assertThat(notes.get(0))
        .contains("goes back to epoch 2, step 1, with a learning rate of 0.0025");
    assertThat(Files.readAllLines(dir.resolve("runs/n/metrics.jsonl")))
        .hasSize(4)
        .element(1, as(InstanceOfAssertFactories.STRING))
        .contains("\"learningRate\":0.0025");
  }
}
