package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.gradcheck.GradientCheck;
import org.descry.gradcheck.NetworkSubject;
import org.descry.gradcheck.Report;
import org.descry.kernel.RnnCell;
import org.descry.layer.RnnVertex;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/** The penalty of the weights in the score is the one that the updates follow. */
class RegularizationTest {
  private static final int WORDS = 6;
  private static final int STEPS = 3;
  private static final double RATE = 0.5;

  record Case(String name, ComputationGraphConfiguration configuration, MultiDataSet batch) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static NetworkSettings settings(double l2) {
    return NetworkSettings.of(3, new Sgd(RATE)).withL2(l2).withType(DataType.DOUBLE);
  }

  static List<Case> cases() {
    return cases(1);
  }

  private static List<Case> cases(double l2) {
    RandomArrays random = new RandomArrays(12);
    INDArray words = random.integers(WORDS, 2, STEPS);
    INDArray[] said = {random.integers(WORDS, 2, STEPS)};
    List<Case> cases = new ArrayList<>();
    for (RnnCell cell : RnnCell.values()) {
      cases.add(
          new Case(
              "captioner " + cell,
              new CaptioningRnn(5, null, WORDS, 4, 3, 1, cell, STEPS).configuration(settings(l2)),
              new MultiDataSet(new INDArray[] {random.normal(2, 5), words}, said)));
      boolean linear = cell == RnnCell.LINEAR; // one layer, whose weights are not tied
      for (boolean tied : linear ? new boolean[] {false} : new boolean[] {false, true}) {
        cases.add(
            new Case(
                "language model " + cell + (tied ? ", tied" : ""),
                new LanguageRnn(WORDS, 3, 3, linear ? 1 : 2, cell, STEPS, false, tied)
                    .configuration(settings(l2)),
                new MultiDataSet(new INDArray[] {words}, said)));
      }
    }
    return cases;
  }

  private static ComputationGraph network(Case one) {
    ComputationGraph network = new ComputationGraph(one.configuration.clone());
    network.init();
    return network;
  }

  /** Half the sum of the squares of all weights: of what is not a bias. */
  private static double penalty(ComputationGraph network) {
    double sum = 0;
    for (Map.Entry<String, INDArray> param : network.paramTable().entrySet()) {
      if (param.getValue().rank() > 1) {
        sum += Math.pow(param.getValue().norm2Number().doubleValue(), 2);
      }
    }
    return sum / 2;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theScoreGainsThePenaltyOfEveryWeight(Case with) {
    Case without =
        cases(0).stream().filter(one -> one.name.equals(with.name)).findFirst().orElseThrow();
    ComputationGraph network = network(with);
    double gain = network.score(with.batch) - network(without).score(with.batch);
    assertThat(gain).isCloseTo(penalty(network), within(1e-9));
    double before = network.score(with.batch);
    network.fit(with.batch);
    assertThat(network.score()).as("of the training step").isCloseTo(before, within(1e-9));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theUpdateFollowsTheScore(Case one) {
    ComputationGraph network = network(one);
    INDArray start = network.params().dup();
    INDArray params = network.params();
    Numeric.Gradient gradient = Numeric.gradient(params, () -> network.score(one.batch));
    network.fit(one.batch);
    INDArray step = start.sub(network.params()).divi(RATE);
    assertThat(step.sub(gradient.value()).norm2Number().doubleValue()).isLessThan(1e-6);
  }

  @Test
  void frozenVerticesHaveNoPenalty() {
    Case one = cases().get(1);
    ComputationGraphConfiguration configuration = one.configuration.clone();
    ComputationGraph free = network(one);
    configuration
        .getVertices()
        .compute(NetworkModel.RNN, (name, vertex) -> new FrozenVertex(vertex));
    ComputationGraph frozen = new ComputationGraph(configuration);
    frozen.init();
    assertThat(free.calcRegularizationScore(true) - frozen.calcRegularizationScore(true))
        .isPositive();
  }

  /** Says twice what it does. */
  private static final class Wrong extends L2Regularization {
    Wrong() {
      super(1);
    }

    @Override
    public double score(INDArray param, int iteration, int epoch) {
      return 2 * super.score(param, iteration, epoch);
    }

    @Override
    public L2Regularization clone() {
      return this;
    }
  }

  @Test
  void theGradientCheckSeesAWrongPenalty() {
    Case one = cases().get(1);
    assertThat(check(network(one), one.batch).disagreements()).isEmpty();
    ComputationGraphConfiguration configuration = one.configuration.clone();
    RnnVertex rnn = (RnnVertex) configuration.getVertices().get(NetworkModel.RNN);
    rnn.setRegularization(new ArrayList<>(List.of(new Wrong())));
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    assertThat(check(network, one.batch).disagreements())
        .isNotEmpty()
        .allMatch(sentence -> sentence.contains("rnn_W"));
  }

  private static Report check(ComputationGraph network, MultiDataSet batch) {
    return new GradientCheck(4, 1).of(new NetworkSubject("network", network, batch, 1));
  }
}
