package org.descry.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.dnn.Dnn;
import org.descry.job.LookaheadSettings;
import org.descry.job.OptimizerSettings;
import org.descry.job.ScheduleSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.model.LanguageRnn;
import org.descry.model.NetworkSettings;
import org.descry.train.step.Lookahead;
import org.descry.train.step.SlowWeights;
import org.descry.train.step.WeightAverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** What the loop does between epochs: learning rates that look at metrics, averaged weights. */
class EpochRulesTest {
  private static ComputationGraph network() {
    ComputationGraph network =
        new ComputationGraph(
            new LanguageRnn(3, 2, 4, 2, 2, false)
                .configuration(NetworkSettings.of(1, new Sgd(0.8))));
    network.init();
    return network;
  }

  private static EpochMetrics metrics(int epoch, double train, double validation) {
    return new EpochMetrics(epoch, epoch, 0.8, train, validation, Map.of(), 1, 1);
  }

  private static void step(ComputationGraph network) {
    INDArray words = Nd4j.createFromArray(new float[][] {{0, 1}});
    INDArray next = Nd4j.createFromArray(new float[][] {{1, 2}});
    network.fit(new MultiDataSet(words, next));
  }

  /** How far a step moves the parameters. */
  private static double stride(ComputationGraph network) {
    ComputationGraph copy = network.clone();
    step(copy);
    return copy.params().distance2(network.params());
  }

  @Test
  void halvesWheneverTheTrainingLossRose() {
    LearningRate rate =
        new LearningRate(new OptimizerSettings.Sgd(0.8, new ScheduleSettings.Halving()), 0);
    ComputationGraph network = network();
    double before = stride(network);
    for (double loss : List.of(3.0, 2.0, 2.0)) {
      rate.afterEpoch(metrics(1, loss, 9 - loss), network);
    }
    assertThat(rate.rate()).isEqualTo(0.8);
    rate.afterEpoch(metrics(4, 2.5, 0), network);
    assertThat(rate.rate()).isEqualTo(0.4);
    assertThat(stride(network)).isCloseTo(before / 2, within(1e-6));
    rate.afterEpoch(metrics(5, 2.4, 0), network);
    rate.afterEpoch(metrics(6, 2.45, 0), network);
    assertThat(rate.rate()).isEqualTo(0.2);
    assertThat(stride(network)).isCloseTo(before / 4, within(1e-6));
  }

  @Test
  void aChangeOfTheRateKeepsTheWarmUp() {
    ComputationGraph network = network();
    LearningRate rate =
        new LearningRate(new OptimizerSettings.Sgd(0.8, new ScheduleSettings.Halving()), 20);
    rate.afterEpoch(metrics(1, 1, 1), network);
    rate.afterEpoch(metrics(2, 2, 1), network);
    var updater =
        network
            .getUpdater()
            .getUpdaterBlocks()
            .get(0)
            .getLayersAndVariablesInBlock()
            .get(0)
            .getLayer()
            .getConfig()
            .getUpdaterByParam("W");
    assertThat(updater.getLearningRate(9, 2)).isCloseTo(0.4 * 10 / 20, within(1e-9));
    assertThat(updater.getLearningRate(30, 6)).isCloseTo(0.4, within(1e-9));
  }

  @Test
  void theMeanOfRmsPropStartsAtZero() {
    double decay = 0.9;
    ComputationGraph network =
        new ComputationGraph(
            new LanguageRnn(3, 2, 4, 2, 2, false)
                .configuration(NetworkSettings.of(1, new RmsProp(0.01, decay, 1e-8))));
    network.init();
    Networks.startUpdater(
        network, new OptimizerSettings.RmsProp(0.01, decay, 1e-8, new ScheduleSettings.Constant()));
    INDArray before = network.params().dup();
    step(network);
    INDArray mean = network.getUpdater().getStateViewArray().reshape(before.length());
    INDArray moved = before.sub(network.params()).castTo(mean.dataType());
    for (int i = 0; i < mean.length(); i++) {
      double gradient = Math.sqrt(mean.getDouble(i) / (1 - decay));
      double expected = 0.01 * gradient / (Math.sqrt(mean.getDouble(i)) + 1e-8);
      assertThat(Math.abs(moved.getDouble(i))).isCloseTo(expected, within(1e-5));
    }
    assertThat(mean.minNumber().doubleValue()).isLessThan(1e-9);
  }

  @Test
  void aPlateauIsWaitedOut() {
    LearningRate rate =
        new LearningRate(
            new OptimizerSettings.Nesterov(0.8, 0.9, new ScheduleSettings.Plateau(0.1, 2)), 0);
    ComputationGraph network = network();
    double[] losses = {2, 3, 1.5, 1.6, 1.5, 1.7, 1.4, 1.5};
    double[] rates = {0.8, 0.8, 0.8, 0.8, 0.08, 0.08, 0.08, 0.08};
    for (int i = 0; i < losses.length; i++) {
      rate.afterEpoch(metrics(i + 1, i, losses[i]), network);
      assertThat(rate.rate()).isCloseTo(rates[i], within(1e-9));
    }
  }

  @Test
  void patienceCountsEpochsThatWereNotEvaluatedToo() {
    LearningRate rate =
        new LearningRate(new OptimizerSettings.Sgd(0.8, new ScheduleSettings.Plateau(0.5, 4)), 0);
    ComputationGraph network = network();
    Double[] losses = {null, null, 2.0, null, null, 2.1, null, null, 2.2, null, null, 2.3, 2.4};
    for (int i = 0; i < losses.length; i++) {
      rate.afterEpoch(new EpochMetrics(i + 1, i, 0.8, 1, losses[i], Map.of(), 1, 1), network);
      assertThat(rate.rate()).isEqualTo(i < 8 ? 0.8 : i < 12 ? 0.4 : 0.2);
    }
  }

  /** A hundred updates against a plain loop in float64. */
  @ParameterizedTest
  @CsvSource({"FLOAT, true, 1e-6", "FLOAT, false, 1e-6", "DOUBLE, true, 1e-12"})
  void theAverageIsThatOfAPlainLoop(DataType type, boolean direct, double tolerance) {
    boolean before = Dnn.set(direct);
    try {
      ComputationGraph network =
          new ComputationGraph(
              new LanguageRnn(30, 16, 32, 1, 2, false)
                  .configuration(NetworkSettings.of(1, new Sgd(0.8)).withType(type)));
      network.init();
      WeightAverage average = new WeightAverage(network, 0.9);
      double[] expected = network.params().toDoubleVector();
      Random random = new Random(3);
      for (int step = 0; step < 100; step++) {
        double[] moved = new double[expected.length];
        Arrays.setAll(moved, i -> random.nextGaussian());
        network.params().assign(Nd4j.createFromArray(moved).castTo(type));
        average.iterationDone(network, step, 0);
        double d = Math.min(0.9, (1.0 + step) / (10.0 + step));
        double[] weights = network.params().toDoubleVector();
        for (int i = 0; i < expected.length; i++) {
          expected[i] = d * expected[i] + (1 - d) * weights[i];
        }
      }
      assertThat(average.weights().toDoubleVector()).containsExactly(expected, within(tolerance));
    } finally {
      Dnn.set(before);
    }
  }

  /** Lookahead against a plain loop, with the share of the CIFAR-10 speed runs and a fixed one. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 3, 1e-6", "DOUBLE, 0, 1e-12"})
  void lookaheadIsThatOfAPlainLoop(DataType type, double growth, double tolerance) {
    ComputationGraph network =
        new ComputationGraph(
            new LanguageRnn(3, 2, 4, 2, 2, false)
                .configuration(NetworkSettings.of(1, new Sgd(0.8)).withType(type)));
    network.init();
    Lookahead lookahead = new Lookahead(network, new LookaheadSettings(5, 0.226, growth), 20);
    double[] slow = network.params().toDoubleVector();
    double[] weights = slow.clone();
    Random random = new Random(3);
    for (int step = 1; step <= 20; step++) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] += random.nextGaussian();
      }
      network.params().assign(Nd4j.createFromArray(weights).castTo(type));
      lookahead.iterationDone(network, step - 1, 0);
      if (step % 5 == 0) {
        double kept = (1 - 0.226) * Math.pow(step / 20.0, growth);
        for (int i = 0; i < slow.length; i++) {
          slow[i] = kept * slow[i] + (1 - kept) * weights[i];
        }
        weights = slow.clone();
      }
      assertThat(network.params().toDoubleVector()).containsExactly(weights, within(tolerance));
    }
    assertThat(lookahead.weights().toDoubleVector()).containsExactly(slow, within(tolerance));
    network.params().addi(1);
    INDArray raw = network.params().dup();
    for (int done : new int[] {4, 5}) { // before the slow weights first moved, and after
      network.getConfiguration().setIterationCount(done);
      try (SlowWeights.Scope scope = lookahead.in(network)) {
        assertThat(network.params().equals(raw)).isEqualTo(done < 5);
      }
      assertThat(network.params()).isEqualTo(raw);
    }
  }

  @Test
  void theAverageForgetsTheStartAndLeavesTheWeightsAlone() {
    ComputationGraph network = network();
    WeightAverage average = new WeightAverage(network, 0.5);
    INDArray expected = network.params().dup();
    for (int i = 0; i < 4; i++) {
      step(network);
      average.iterationDone(network, i, 0);
      double d = Math.min(0.5, (1.0 + i) / (10.0 + i));
      expected.muli(d).addi(network.params().mul(1 - d));
    }
    INDArray raw = network.params().dup();
    try (SlowWeights.Scope scope = average.in(network)) {
      assertThat(network.params().sub(expected).amaxNumber().doubleValue()).isLessThan(1e-6);
      assertThat(network.params()).isNotEqualTo(raw);
    }
    assertThat(network.params()).isEqualTo(raw);
  }
}
