package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kernel.Activation;
import org.descry.model.ConvNet;
import org.descry.model.LearningRates;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.model.ThreeLayerConvNet;
import org.descry.replay.GlobalNormClipping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.learning.config.IUpdater;

class NetworksTest {
  @Test
  void biasesHaveARateOfTheirOwn() {
    Job job =
        JobFile.parse(
                "job",
                """
                name: rates
                model: {type: convnet, stages: [{filters: 2}], batchNorm: true}
                data: {source: shapes}
                training:
                  biasRate: 64
                  optimizer: {type: nesterov, learningRate: 0.5, schedule: {type: cosine}}
                """)
            .job();
    NetworkSettings solver = Networks.solver(job, 10);
    assertThat(solver.updater().getLearningRate(0, 0)).isEqualTo(0.5);
    assertThat(solver.biasUpdater().getLearningRate(0, 0)).isEqualTo(32);
    ConvNet model =
        new ConvNet(
            3,
            8,
            8,
            3,
            List.of(new ConvNet.Stage(2, 3, true)),
            List.of(),
            0,
            Loss.SOFTMAX,
            true,
            0,
            Activation.RELU);
    ComputationGraph network = new ComputationGraph(model.configuration(solver));
    network.init();
    var layer = network.getLayer("conv1").getConfig();
    assertThat(layer.getUpdaterByParam("W").getLearningRate(0, 0)).isEqualTo(0.5);
    for (String param : List.of("b", "gamma", "beta")) {
      assertThat(layer.getUpdaterByParam(param).getLearningRate(0, 0)).isEqualTo(32);
    }
    LearningRates.scale(network, 0.25);
    assertThat(layer.getUpdaterByParam("W").getLearningRate(7, 1)).isEqualTo(0.125);
    for (String param : List.of("b", "gamma", "beta")) {
      assertThat(layer.getUpdaterByParam(param).getLearningRate(7, 1)).isEqualTo(8);
    }
  }

  private static Job job(String... settings) {
    JobFile file =
        JobFile.parse(
                "job",
                """
                name: small
                model: {type: three-layer-convnet}
                data: {source: shapes}
                training: {epochs: 4, optimizer: {type: sgd, learningRate: 0.5}}
                """)
            .set(List.of(settings));
    return file.job();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: constant}            | 0.5 | 0.5   | 0.5",
        "{type: step, every: 2}      | 0.5 | 0.5   | 0.05",
        "{type: exponential}         | 0.5 | 0.475 | 0.45125",
        "{type: cosine, end: 0.2}    | 0.5 | 0.438544871 | 0.291946812",
        "{type: one-cycle, start: 0.2, peak: 0.25, end: 0.1} | 0.1 | 0.485000000 | 0.335000000",
        "{type: plateau}             | 0.5 | 0.5   | 0.5",
        "{type: halving}             | 0.5 | 0.5   | 0.5",
      })
  void theLearningRateFollowsItsSchedule(String schedule, double first, double next, double half) {
    IUpdater updater =
        Networks.solver(job("training.optimizer.schedule=" + schedule), 10).updater();
    assertThat(updater.getLearningRate(0, 0)).isCloseTo(first, within(1e-8));
    assertThat(updater.getLearningRate(10, 1)).isCloseTo(next, within(1e-8));
    assertThat(updater.getLearningRate(20, 2)).isCloseTo(half, within(1e-8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{type: cosine, end: 0.2}", "{type: one-cycle, end: 0.2}"})
  void theLastStepHasTheRateThatIsPromised(String schedule) {
    IUpdater updater =
        Networks.solver(job("training.optimizer.schedule=" + schedule), 10).updater();
    int steps = 10 * job().training().epochs();
    assertThat(updater.getLearningRate(steps - 1, 3)).isCloseTo(0.5 * 0.2, within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({"sgd,Sgd", "nesterov,Nesterovs", "rmsprop,RmsProp", "adam,Adam", "adamw,Adam"})
  void eachTypeIsItsUpdateRule(String type, String rule) {
    IUpdater updater = Networks.solver(job("training.optimizer.type=" + type), 10).updater();
    assertThat(updater.getClass().getSimpleName()).isEqualTo(rule);
    assertThat(updater.getLearningRate(0, 0)).isEqualTo(0.5);
  }

  @Test
  void warmingUpScalesTheSchedule() {
    String half = "training.warmUpEpochs=0.5";
    IUpdater constant = Networks.solver(job(half), 10).updater();
    assertThat(constant.getLearningRate(0, 0)).isCloseTo(0.1, within(1e-8));
    assertThat(constant.getLearningRate(4, 0)).isEqualTo(0.5);
    assertThat(constant.getLearningRate(30, 3)).isEqualTo(0.5);
    IUpdater steps =
        Networks.solver(job(half, "training.optimizer.schedule={type: step, every: 2}"), 10)
            .updater();
    assertThat(steps.getLearningRate(1, 0)).isCloseTo(0.2, within(1e-8));
    assertThat(steps.getLearningRate(20, 2)).isCloseTo(0.05, within(1e-8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"training.warmUpEpochs=0", "training.warmUpEpochs=1.0e6"})
  void moreStepsThanAnIntHoldsAreTooManyToCount(String warmUp) {
    Job longest = job("training.epochs=1000000", "training.optimizer.schedule.type=cosine", warmUp);
    IUpdater updater = Networks.solver(longest, 40_000).updater();
    assertThat(updater.getLearningRate(1, 0)).isBetween(0.0, 0.5);
    assertThat(updater.getLearningRate(1_000_000_000, 0)).isGreaterThan(0.1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"one-cycle", "cosine", "step"})
  void schedulesSurviveTheNetworksJson(String schedule) {
    Job job = job("training.optimizer.schedule.type=" + schedule);
    Job warm =
        schedule.equals("one-cycle")
            ? job
            : job("training.optimizer.schedule.type=" + schedule, "training.warmUpEpochs=1");
    var configuration =
        new ThreeLayerConvNet(3, 8, 8, 10, 2, 3, 4, 0.1, Loss.SOFTMAX)
            .configuration(Networks.solver(warm, 10));
    assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
        .isEqualTo(configuration);
  }

  @Test
  void adamwDecaysWeightsApartFromTheGradient() {
    assertThat(Networks.solver(job("training.optimizer.type=adamw"), 1).weightDecay())
        .isEqualTo(0.01);
    assertThatThrownBy(() -> job("training.optimizer.type=adamw", "training.l2=0.1"))
        .hasMessageContaining("l2 is 0.1, but expected 0 with the optimizer adamw");
    assertThatThrownBy(
            () -> job("training.optimizer.schedule.type=one-cycle", "training.warmUpEpochs=1"))
        .hasMessageContaining("warmUpEpochs is 1.0, but expected 0");
  }

  @Test
  void clippingIsByNormOrByValue() {
    assertThat(Networks.solver(job(), 1).clipping()).isEqualTo(GradientNormalization.None);
    var byNorm = Networks.solver(job("training.gradientClipping.norm=2"), 1);
    assertThat(byNorm.clipping()).isEqualTo(GradientNormalization.ClipL2PerLayer);
    assertThat(byNorm.clippingThreshold()).isEqualTo(2);
    var byValue = Networks.solver(job("training.gradientClipping.value=3"), 1);
    assertThat(byValue.clipping()).isEqualTo(GradientNormalization.ClipElementWiseAbsoluteValue);
    assertThat(byValue.clippingThreshold()).isEqualTo(3);
    var global = Networks.solver(job("training.gradientClipping.globalNorm=4"), 1);
    assertThat(global.clipping()).isEqualTo(GradientNormalization.None);
  }

  /** DL4J has no place for it in a network's configuration. */
  @Test
  void theGlobalNormIsClippedByAListener() {
    Job job = job("training.gradientClipping.globalNorm=4");
    ComputationGraph network =
        new ComputationGraph(
            new ThreeLayerConvNet(3, 8, 8, 10, 2, 3, 4, 0.1, Loss.SOFTMAX)
                .configuration(Networks.solver(job, 1)));
    network.init();
    Learner learner = new Learner(network, job.training(), 1);
    assertThat(learner.arrays()).isNotEmpty();
    assertThat(network.getListeners()).hasExactlyElementsOfTypes(GlobalNormClipping.class);
  }
}
