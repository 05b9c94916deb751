package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.GradientNormalization;
import org.descry.train.job.Job;
import org.descry.train.job.JobFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.learning.config.IUpdater;

class NetworksTest {
  private static Job job(String... settings) {
    JobFile file =
        JobFile.parse(
            "job",
            """
            name: small
            model: {type: three-layer-convnet}
            data: {source: shapes}
            training: {epochs: 4, optimizer: {type: sgd, learningRate: 0.5}}
            """);
    for (String setting : settings) {
      file = file.set(setting);
    }
    return file.job();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: constant}            | 0.5 | 0.5   | 0.5",
        "{type: step, every: 2}      | 0.5 | 0.5   | 0.05",
        "{type: exponential}         | 0.5 | 0.475 | 0.45125",
        "{type: cosine, end: 0.2}    | 0.5 | 0.441421356 | 0.3",
      })
  void theLearningRateFollowsItsSchedule(String schedule, double first, double next, double half) {
    IUpdater updater =
        Networks.solver(job("training.optimizer.schedule=" + schedule), 10).updater();
    assertThat(updater.getLearningRate(0, 0)).isCloseTo(first, within(1e-8));
    assertThat(updater.getLearningRate(10, 1)).isCloseTo(next, within(1e-8));
    assertThat(updater.getLearningRate(20, 2)).isCloseTo(half, within(1e-8));
  }

  @ParameterizedTest
  @CsvSource({"sgd,Sgd", "nesterov,Nesterovs", "rmsprop,RmsProp", "adam,Adam"})
  void eachTypeIsItsUpdateRule(String type, String rule) {
    IUpdater updater = Networks.solver(job("training.optimizer.type=" + type), 10).updater();
    assertThat(updater.getClass().getSimpleName()).isEqualTo(rule);
    assertThat(updater.getLearningRate(0, 0)).isEqualTo(0.5);
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
  }
}
