package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.dnn.Precision;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.descry.layer.AbstractRnnVertex;
import org.descry.model.CaptioningRnn;
import org.descry.model.ConvNet;
import org.descry.model.LanguageRnn;
import org.descry.model.Loss;
import org.descry.model.NetworkModel;
import org.descry.model.NetworkSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class RecordedStepTest {
  private static final int STEPS = 20;
  private static final int WORDS = 13;
  private static final int LENGTH = 5;
  private static final int HIDDEN = 8;

  /** A network and what makes its batches of so many examples. */
  record Case(String name, ComputationGraphConfiguration network, Batch batch, int state) {
    /** One of six examples, from no earlier state. */
    MultiDataSet batch(int seed) {
      return batch.of(6, new Random(seed), Nd4j.zeros(6, Math.max(1, state)));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  interface Batch {
    MultiDataSet of(int examples, Random random, INDArray state);
  }

  private static NetworkSettings solver() {
    return NetworkSettings.of(3, new Adam(0.01)).withL2(1e-3);
  }

  private static Case convNet(Activation activation, boolean batchNorm, double dropout, Loss loss) {
    return convNet(activation, batchNorm, dropout, loss, solver());
  }

  static Case convNet(
      Activation activation, boolean batchNorm, double dropout, Loss loss, NetworkSettings solver) {
    ConvNet net =
        new ConvNet(
            3,
            8,
            8,
            4,
            List.of(new ConvNet.Stage(6, 3, true), new ConvNet.Stage(5, 3, false)),
            List.of(10),
            0,
            loss,
            batchNorm,
            dropout,
            activation);
    return new Case(
        "ConvNet %s %s %s %s %s".formatted(activation, batchNorm, dropout, loss, solver),
        net.configuration(solver),
        (n, random, state) ->
            new MultiDataSet(normal(random, n, 8, 8, 3).permute(0, 3, 1, 2), oneHot(random, n, 4)),
        0);
  }

  private static Case captioner(CaptioningRnn.Images images, RnnCell cell, int layers) {
    int features = images == null ? 7 : 0;
    return new Case(
        "captioner %s %s %d".formatted(images, cell, layers),
        new CaptioningRnn(features, images, WORDS, 6, HIDDEN, layers, cell, LENGTH)
            .configuration(solver()),
        (n, random, state) ->
            new MultiDataSet(
                new INDArray[] {
                  // Several captions an image where images come in.
                  images == null ? normal(random, n, 7) : normal(random, n / 2, 3, 8, 8),
                  words(random, n)
                },
                new INDArray[] {words(random, n)},
                null,
                new INDArray[] {mask(random, n)}),
        0);
  }

  /** With attention, dropout and a mask of the words. */
  private static Case looking(CaptioningRnn.Images images, RnnCell cell) {
    var extras =
        new CaptioningRnn.Extras(new CaptioningRnn.Attention(5, 0.7), 0.2, 0.3, false, false);
    return new Case(
        "looking captioner " + cell,
        new CaptioningRnn(0, images, WORDS, 6, HIDDEN, 2, cell, LENGTH, extras)
            .configuration(solver()),
        (n, random, state) -> {
          INDArray mask = mask(random, n);
          return new MultiDataSet(
              new INDArray[] {normal(random, n / 2, 3, 8, 8), words(random, n)},
              new INDArray[] {words(random, n)},
              new INDArray[] {null, mask},
              new INDArray[] {mask});
        },
        0);
  }

  private static Case language(RnnCell cell, int layers, boolean carries, boolean tied) {
    LanguageRnn net =
        new LanguageRnn(WORDS, tied ? HIDDEN : 0, HIDDEN, layers, cell, LENGTH, carries, tied);
    return new Case(
        "language %s %d %s %s".formatted(cell, layers, carries, tied),
        net.configuration(solver()),
        (n, random, state) ->
            new MultiDataSet(
                carries
                    ? new INDArray[] {words(random, n), state}
                    : new INDArray[] {words(random, n)},
                new INDArray[] {words(random, n)}),
        net.stateWidth());
  }

  static Stream<Case> cases() {
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(4, 3, true)), true, false);
    var frozen =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(4, 3, true)), true, true);
    return Stream.of(
        looking(images, RnnCell.LSTM),
        looking(images, RnnCell.VANILLA),
        convNet(Activation.RELU, true, 0.3, Loss.SOFTMAX),
        convNet(Activation.RELU, false, 0, Loss.SVM),
        convNet(Activation.GELU, true, 0.5, Loss.SOFTMAX),
        convNet(Activation.SILU, false, 0.5, Loss.SOFTMAX),
        convNet(Activation.TANH, false, 0, Loss.SOFTMAX),
        captioner(null, RnnCell.VANILLA, 1),
        captioner(images, RnnCell.LSTM, 2),
        captioner(frozen, RnnCell.VANILLA, 1),
        language(RnnCell.VANILLA, 1, true, false),
        language(RnnCell.LSTM, 2, true, false),
        language(RnnCell.LSTM, 1, true, true),
        language(RnnCell.VANILLA, 2, false, true));
  }

  /** Every rule, with and without schedules, regularisation and clipping. */
  static Stream<Case> updates() {
    IUpdater cosine = new Adam();
    cosine.setLrAndSchedule(Double.NaN, new ExponentialSchedule(ScheduleType.ITERATION, 0.02, 0.9));
    Nesterovs nesterovs = new Nesterovs(0.05, 0.9);
    nesterovs.setLrAndSchedule(Double.NaN, new StepSchedule(ScheduleType.ITERATION, 0.05, 0.5, 4));
    GradientNormalization none = GradientNormalization.None;
    GradientNormalization norm = GradientNormalization.ClipL2PerLayer;
    GradientNormalization value = GradientNormalization.ClipElementWiseAbsoluteValue;
    return Stream.of(
            new NetworkSettings(3, new Sgd(0.1), 0, 0, norm, 0.05, DataType.FLOAT),
            new NetworkSettings(3, new Sgd(0.1), 1e-3, 0, none, 1, DataType.FLOAT),
            new NetworkSettings(3, nesterovs, 1e-3, 0, value, 0.01, DataType.FLOAT),
            new NetworkSettings(3, new RmsProp(0.01), 0, 0, none, 1, DataType.FLOAT),
            new NetworkSettings(3, cosine, 0, 0.05, norm, 0.1, DataType.FLOAT),
            new NetworkSettings(
                3, cosine, 1e-3, 0, GradientNormalization.ClipL2PerParamType, 1, DataType.FLOAT))
        .map(solver -> convNet(Activation.RELU, true, 0.3, Loss.SOFTMAX, solver));
  }

  @ParameterizedTest
  @MethodSource({"cases", "updates"})
  void trainsToTheBitAsFitDoes(Case of) {
    ComputationGraph fitted = network(of);
    ComputationGraph replayed = network(of);
    RecordedStep step = RecordedStep.of(replayed);
    assertThat(step.obstacle()).isNull();
    List<MultiDataSet> batches = new ArrayList<>();
    Random random = new Random(5);
    INDArray fittedState = Nd4j.zeros(6, Math.max(1, of.state));
    INDArray replayedState = fittedState.dup();
    for (int i = 0; i < STEPS; i++) {
      int examples = of.state == 0 && i % 5 == 4 ? 4 : 6;
      long seed = random.nextLong();
      MultiDataSet batch = of.batch.of(examples, new Random(seed), fittedState);
      batches.add(batch);
      fitted.fit(batch);
      step.fit(of.batch.of(examples, new Random(seed), replayedState));
      assertThat(replayed.score()).as("score of step %d", i).isEqualTo(fitted.score());
      assertThat(bits(replayed.params()))
          .as("parameters after step %d", i)
          .isEqualTo(bits(fitted.params()));
      if (of.state > 0) {
        AbstractRnnVertex.copyLastState(fitted.getVertex(NetworkModel.RNN), fittedState);
        AbstractRnnVertex.copyLastState(replayed.getVertex(NetworkModel.RNN), replayedState);
      }
      if (i == STEPS / 2) { // a network may be used between its steps
        replayed.output(batches.get(0).getFeatures());
      }
    }
    INDArray state = fitted.getUpdater().getStateViewArray();
    if (state != null) {
      assertThat(bits(replayed.getUpdater().getStateViewArray())).isEqualTo(bits(state));
    }
    assertThat(replayed.getIterationCount()).isEqualTo(STEPS);
    assertThat(step.plans()).isEqualTo(of.state == 0 ? 2 : 1);
    assertThat(bits(replayedState)).isEqualTo(bits(fittedState));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void trainsInBfloat16AsFitDoesInIt(Case of) {
    String obstacle = Precision.BFLOAT16.obstacle();
    assumeTrue(obstacle == null, "no bfloat16: " + obstacle);
    ComputationGraph fitted = network(of);
    ComputationGraph replayed = network(of);
    RecordedStep step = RecordedStep.of(replayed, Precision.BFLOAT16);
    for (int i = 0; i < 3; i++) {
      MultiDataSet batch = of.batch(i);
      Precision.BFLOAT16.during(
          () -> {
            fitted.fit(batch);
            return null;
          });
      step.fit(of.batch(i));
    }
    assertThat(bits(replayed.params())).isEqualTo(bits(fitted.params()));
  }

  static ComputationGraph network(Case of) {
    ComputationGraph network = new ComputationGraph(of.network.clone());
    network.init();
    return network;
  }

  /** ND4J's own equality allows for differences. */
  static float[] bits(INDArray array) {
    return array.reshape(array.length()).toFloatVector();
  }

  private static INDArray normal(Random random, long... shape) {
    return filled(() -> (float) random.nextGaussian(), shape);
  }

  private static INDArray words(Random random, int n) {
    return filled(() -> random.nextInt(WORDS), LENGTH, n).transpose();
  }

  private static INDArray mask(Random random, int n) {
    return filled(() -> random.nextInt(4) > 0 ? 1 : 0, n, LENGTH);
  }

  private static INDArray oneHot(Random random, int n, int classes) {
    INDArray labels = Nd4j.zeros(n, classes);
    for (int i = 0; i < n; i++) {
      labels.putScalar(i, random.nextInt(classes), 1);
    }
    return labels;
  }

  private interface Source {
    float next();
  }

  private static INDArray filled(Source source, long... shape) {
    INDArray array = Nd4j.zeros(shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, source.next());
    }
    return array;
  }
}
