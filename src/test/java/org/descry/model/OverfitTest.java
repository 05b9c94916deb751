package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** The oldest check of a network: it learns a handful of examples by heart. */
class OverfitTest {
  private static final int N = 8;
  private static final int CLASSES = 4;
  private static final int STEPS = 5;
  private static final int VOCABULARY = 11;
  private static final NetworkSettings SOLVER = NetworkSettings.of(3, new Adam(0.01));

  private final RandomArrays random = new RandomArrays(51);

  private static INDArray single(INDArray array) {
    return array.castTo(DataType.FLOAT);
  }

  /** Trains and returns the loss that is left. */
  private static double learn(
      ComputationGraphConfiguration configuration, MultiDataSet data, int steps) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    double before = network.score(data);
    for (int i = 0; i < steps; i++) {
      network.fit(data);
    }
    double after = network.score(data);
    assertThat(after).isLessThan(before);
    return after;
  }

  private MultiDataSet images() {
    return new MultiDataSet(single(random.normal(N, 3, 8, 8)), single(random.oneHot(N, CLASSES)));
  }

  private INDArray words() {
    return single(random.integers(VOCABULARY, N, STEPS));
  }

  @Test
  void threeLayerConvNet() {
    for (Loss loss : Loss.values()) {
      var model = new ThreeLayerConvNet(3, 8, 8, CLASSES, 8, 3, 20, 0, loss);
      assertThat(learn(model.configuration(SOLVER), images(), 60)).isLessThan(0.05);
    }
  }

  @Test
  void convNet() {
    var stages = List.of(new ConvNet.Stage(8, 3, true), new ConvNet.Stage(12, 3, false));
    var model =
        new ConvNet(
            3, 8, 8, CLASSES, stages, List.of(16), 0, Loss.SOFTMAX, false, 0, Activation.RELU);
    assertThat(learn(model.configuration(SOLVER), images(), 60)).isLessThan(0.05);
  }

  @ParameterizedTest
  @EnumSource
  void captioningRnnOnFeatures(RnnCell cell) {
    var model = new CaptioningRnn(10, null, VOCABULARY, 16, 32, 1, cell, STEPS);
    INDArray features = single(random.normal(N, 10));
    var data =
        new MultiDataSet(
            new INDArray[] {features, words()},
            new INDArray[] {words()},
            null,
            new INDArray[] {single(random.raggedMask(N, STEPS))});
    assertThat(learn(model.configuration(SOLVER), data, 150)).isLessThan(0.1);
  }

  @ParameterizedTest
  @EnumSource
  void captioningRnnOnImages(RnnCell cell) {
    var images =
        new CaptioningRnn.Images(3, 8, 8, List.of(new ConvNet.Stage(8, 3, true)), false, false);
    var model = new CaptioningRnn(0, images, VOCABULARY, 16, 32, 2, cell, STEPS);
    var data =
        new MultiDataSet(
            new INDArray[] {single(random.normal(N, 3, 8, 8)), words()}, new INDArray[] {words()});
    assertThat(learn(model.configuration(SOLVER), data, 150)).isLessThan(0.1);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LINEAR") // of one layer
  void languageRnn(RnnCell cell) {
    var model = new LanguageRnn(VOCABULARY, 16, 32, 2, cell, STEPS, false, false);
    // Each token has one successor: the sequence is learnable from its past alone.
    INDArray first = random.integers(VOCABULARY, N, 1);
    INDArray in = random.integers(1, N, STEPS);
    INDArray out = in.dup();
    for (int n = 0; n < N; n++) {
      for (int t = 0; t < STEPS; t++) {
        in.putScalar(n, t, (first.getInt(n, 0) + 3 * t) % VOCABULARY);
        out.putScalar(n, t, (first.getInt(n, 0) + 3 * t + 3) % VOCABULARY);
      }
    }
    var data = new MultiDataSet(single(in), single(out));
    assertThat(learn(model.configuration(SOLVER), data, 100)).isLessThan(0.1);
  }
}
