package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AffineLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** The prepared update against plain loops in float64, over one sequence of gradients. */
class PreparedUpdateTest {
  private static final int UPDATES = 100;
  private static final int EXAMPLES = 4;
  private static final double RATE = 0.01;
  private static final double EPSILON = 1e-8;
  private static final int[] WEIGHTS = {5 * 4, 4 * 3};
  private static final int[] BIASES = {4, 3};
  private static final int LENGTH = 5 * 4 + 4 + 4 * 3 + 3;

  /** A rule on one element: its own two numbers of state, and the step for a gradient. */
  interface Reference {
    double step(double gradient, double[] state, double rate, int update);
  }

  record Case(
      String name,
      IUpdater updater,
      Reference rule,
      double l2,
      double decay,
      GradientNormalization clipping,
      double threshold,
      double globalNorm) {
    Case(String name, IUpdater updater, Reference rule) {
      this(name, updater, rule, 0, 0, GradientNormalization.None, 1, Double.POSITIVE_INFINITY);
    }

    Case l2(double coefficient) {
      return new Case(
          name + ", L2", updater, rule, coefficient, 0, clipping, threshold, globalNorm);
    }

    Case decay(double share) {
      return new Case(name + ", decay", updater, rule, 0, share, clipping, threshold, globalNorm);
    }

    Case clipped(GradientNormalization how, double at) {
      return new Case(name + ", " + how, updater, rule, l2, decay, how, at, globalNorm);
    }

    Case globalNorm(double limit) {
      return new Case(name + ", global norm", updater, rule, l2, decay, clipping, threshold, limit);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    Case sgd = new Case("SGD", new Sgd(), (g, state, rate, t) -> rate * g);
    Case nesterov =
        new Case(
            "Nesterov", new Nesterovs(RATE, 0.9), (g, state, rate, t) -> nesterov(g, state, rate));
    Case rmsProp =
        new Case(
            "RMSProp",
            new RmsProp(RATE, 0.9, EPSILON),
            (g, state, rate, t) -> mean(g, state, rate));
    Case adam = new Case("Adam", new Adam(RATE, 0.9, 0.999, EPSILON), PreparedUpdateTest::adam);
    return Stream.of(
        sgd,
        nesterov,
        rmsProp,
        adam,
        sgd.l2(0.1),
        nesterov.l2(0.1),
        rmsProp.l2(0.1),
        adam.l2(0.1),
        sgd.decay(0.1),
        adam.decay(0.1),
        nesterov.clipped(GradientNormalization.ClipL2PerLayer, 0.5),
        adam.l2(0.1).clipped(GradientNormalization.ClipL2PerLayer, 0.5),
        sgd.clipped(GradientNormalization.ClipElementWiseAbsoluteValue, 0.1),
        adam.decay(0.1).clipped(GradientNormalization.ClipElementWiseAbsoluteValue, 0.1),
        sgd.globalNorm(0.7),
        rmsProp.globalNorm(0.7),
        nesterov.l2(0.1).globalNorm(0.7),
        adam.decay(0.1).globalNorm(0.7));
  }

  private static double nesterov(double g, double[] state, double rate) {
    double before = state[0];
    state[0] = 0.9 * before - rate * g;
    return 0.9 * before - 1.9 * state[0];
  }

  private static double mean(double g, double[] state, double rate) {
    state[0] = 0.9 * state[0] + 0.1 * g * g;
    return rate * g / (Math.sqrt(state[0]) + EPSILON);
  }

  /** The form in which epsilon is added to the uncorrected root, as in the paper's section 2. */
  private static double adam(double g, double[] state, double rate, int update) {
    state[0] = 0.9 * state[0] + (1 - 0.9) * g;
    state[1] = 0.999 * state[1] + (1 - 0.999) * g * g;
    double correction =
        Math.sqrt(1 - Math.pow(0.999, update + 1.0)) / (1 - Math.pow(0.9, update + 1.0));
    return rate * correction * state[0] / (Math.sqrt(state[1]) + EPSILON);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPlainLoopsInFloat64(Case of) {
    assertAgrees(of, DataType.DOUBLE, 1e-12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithPlainLoopsInFloat32(Case of) {
    assertAgrees(of, DataType.FLOAT, 1e-6);
  }

  private static void assertAgrees(Case of, DataType type, double bound) {
    of.updater()
        .setLrAndSchedule(Double.NaN, new StepSchedule(ScheduleType.ITERATION, RATE, 0.5, 30));
    ComputationGraph network = network(of, type);
    Random random = new Random(5);
    double[] start = normal(random);
    network.params().assign(Nd4j.createFromArray(start).castTo(type).reshape(1, LENGTH));
    double[] w = network.params().toDoubleVector();
    double[][] state = new double[LENGTH][2];
    PreparedUpdate update = PreparedUpdate.of(network, false);
    assertThat(update).isNotNull();
    GlobalNormClipping clipping =
        of.globalNorm() < Double.POSITIVE_INFINITY ? new GlobalNormClipping(of.globalNorm()) : null;
    network.setLabels(Nd4j.zeros(type, EXAMPLES, 3));
    for (int i = 0; i < UPDATES; i++) {
      INDArray gradient = network.getFlattenedGradients();
      gradient.assign(Nd4j.createFromArray(normal(random)).castTo(type).reshape(gradient.shape()));
      double[] g = gradient.toDoubleVector();
      if (clipping != null) {
        clipping.onGradientCalculation(network);
      }
      update.run(EXAMPLES, i, 0);
      int halvings = i / 30;
      reference(of, w, g, state, RATE * Math.pow(0.5, halvings), i);
    }
    double[] got = network.params().toDoubleVector();
    for (int i = 0; i < LENGTH; i++) {
      assertThat(got[i])
          .as("parameter %d", i)
          .isCloseTo(w[i], within(bound * Math.max(1, Math.abs(w[i]))));
    }
  }

  private static void reference(
      Case of, double[] w, double[] g, double[][] state, double rate, int update) {
    double whole = 0;
    for (double one : g) {
      whole += one * one / (EXAMPLES * EXAMPLES);
    }
    double share = Math.min(1, of.globalNorm() / Math.sqrt(whole));
    int at = 0;
    for (int layer = 0; layer < WEIGHTS.length; layer++) {
      int biases = at + WEIGHTS[layer];
      int end = biases + BIASES[layer];
      double norm = 0;
      for (int i = at; i < end; i++) {
        g[i] *= share / EXAMPLES;
        norm += g[i] * g[i];
      }
      double scale = Math.min(1, of.threshold() / Math.sqrt(norm));
      for (int i = at; i < end; i++) {
        boolean weight = i < biases;
        double gradient =
            switch (of.clipping()) {
              case ClipL2PerLayer -> g[i] * scale;
              case ClipElementWiseAbsoluteValue ->
                  Math.max(-of.threshold(), Math.min(of.threshold(), g[i]));
              default -> g[i];
            };
        gradient += weight ? of.l2() * w[i] : 0;
        double step = of.rule().step(gradient, state[i], rate, update);
        w[i] -= step + (weight ? of.decay() * rate * w[i] : 0);
      }
      at = end;
    }
  }

  /** A network that DL4J has updated once, with its updater's state at 0. */
  private static ComputationGraph network(Case of, DataType type) {
    NeuralNetConfiguration.Builder solver =
        new NeuralNetConfiguration.Builder()
            .seed(3)
            .dataType(type)
            .updater(of.updater())
            .l2(of.l2())
            .gradientNormalization(of.clipping())
            .gradientNormalizationThreshold(of.threshold());
    if (of.decay() > 0) {
      solver.weightDecay(of.decay(), true);
    }
    ComputationGraph network =
        new ComputationGraph(
            solver
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(5))
                .addLayer("hidden", new AffineLayer.Builder().nOut(4).build(), "in")
                .addLayer("scores", new AffineLayer.Builder().nOut(3).build(), "hidden")
                .addLayer("loss", new SoftmaxLossLayer(), "scores")
                .setOutputs("loss")
                .build());
    network.init();
    network.fit(new INDArray[] {Nd4j.ones(type, 3, 5)}, new INDArray[] {Nd4j.eye(3).castTo(type)});
    INDArray state = network.getUpdater().getStateViewArray();
    if (state != null) {
      state.assign(0);
    }
    return network;
  }

  private static double[] normal(Random random) {
    return random.doubles(LENGTH, -1, 1).toArray();
  }

  /** A rule that no job asks for is left to DL4J. */
  @Test
  void anotherRuleIsNotPrepared() {
    Case other =
        new Case("AdaMax", new org.nd4j.linalg.learning.config.AdaMax(), (g, state, rate, t) -> 0);
    assertThat(PreparedUpdate.of(network(other, DataType.FLOAT), false)).isNull();
  }
}
