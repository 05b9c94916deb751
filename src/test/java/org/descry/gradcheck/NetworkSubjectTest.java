package org.descry.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.kernel.Activation;
import org.descry.kernel.RnnCell;
import org.descry.layer.BrokenLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.model.CaptioningRnn;
import org.descry.model.ConvNet;
import org.descry.model.LanguageRnn;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.model.ThreeLayerConvNet;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Every parameter of every model, also in the shapes of the published checks. */
class NetworkSubjectTest {
  private static final NetworkSettings SOLVER = NetworkSettings.of(3, new Adam()).withL2(0.1);

  private final RandomArrays random = new RandomArrays(71);

  private static Report check(ComputationGraphConfiguration configuration, MultiDataSet batch) {
    ComputationGraph network = new ComputationGraph(configuration);
    network.init();
    INDArray before = network.params().dup();
    Report report = new GradientCheck(40, 1).of(new NetworkSubject("network", network, batch, 1));
    assertThat(network.params()).isEqualTo(before);
    return report;
  }

  private static void assertAgrees(ComputationGraphConfiguration model, MultiDataSet batch) {
    Report report = check(model, batch);
    assertThat(report.disagreements()).isEmpty();
    assertThat(report.rows()).filteredOn(row -> row.differences() != null).hasSizeGreaterThan(2);
  }

  private MultiDataSet images(int n, int size, int classes) {
    return new MultiDataSet(random.normal(n, 3, size, size), random.oneHot(n, classes));
  }

  @Test
  void threeLayerConvNet() {
    long[] x = Vectors.checkShape("ThreeLayerConvNet.loss", "X");
    for (Loss loss : Loss.values()) {
      var model =
          new ThreeLayerConvNet((int) x[1], (int) x[2], (int) x[3], 10, 3, 3, 7, 1e-3, loss);
      assertAgrees(model.configuration(SOLVER), images((int) x[0], (int) x[2], 10));
    }
  }

  @Test
  void convNetWithBatchNormAndDropout() {
    var stages = List.of(new ConvNet.Stage(4, 3, true), new ConvNet.Stage(5, 3, false));
    for (boolean batchNorm : new boolean[] {false, true}) {
      var model =
          new ConvNet(
              3, 8, 8, 4, stages, List.of(6), 0, Loss.SOFTMAX, batchNorm, 0.3, Activation.RELU);
      assertAgrees(model.configuration(SOLVER), images(4, 8, 4));
    }
  }

  @ParameterizedTest
  @EnumSource
  void captioningRnnOnFeatures(RnnCell cell) {
    long[] features = Vectors.checkShape("CaptioningRNN.loss rnn", "features");
    long[] captions = Vectors.checkShape("CaptioningRNN.loss rnn", "captions");
    int steps = (int) captions[1];
    var model = new CaptioningRnn((int) features[1], null, 3, 5, 6, 1, cell, steps);
    assertAgrees(
        model.configuration(SOLVER),
        new MultiDataSet(
            new INDArray[] {random.normal(features), random.integers(3, captions)},
            new INDArray[] {random.integers(3, captions)},
            null,
            new INDArray[] {random.raggedMask((int) captions[0], steps)}));
  }

  @ParameterizedTest
  @EnumSource
  void captioningRnnOnImages(RnnCell cell) {
    var images =
        new CaptioningRnn.Images(3, 6, 6, List.of(new ConvNet.Stage(3, 3, true)), false, false);
    var model = new CaptioningRnn(0, images, 7, 5, 4, 2, cell, 4);
    assertAgrees(
        model.configuration(SOLVER),
        new MultiDataSet(
            new INDArray[] {random.normal(3, 3, 6, 6), random.integers(7, 3, 4)},
            new INDArray[] {random.integers(7, 3, 4)}));
  }

  @ParameterizedTest
  @EnumSource
  void languageRnn(RnnCell cell) {
    boolean linear = cell == RnnCell.LINEAR; // one layer, whose weights are not tied
    for (int embedding : new int[] {0, 4, 5}) {
      int rows = embedding == 0 ? 1 : 3;
      boolean tied = embedding == 4 && !linear;
      var model = new LanguageRnn(7, embedding, 4, linear ? 1 : 2, cell, 4, true, tied);
      INDArray state = random.normal(rows, model.stateWidth());
      assertAgrees(
          model.configuration(SOLVER),
          new MultiDataSet(
              new INDArray[] {random.integers(7, rows, 4), state},
              new INDArray[] {random.integers(7, rows, 4)}));
    }
  }

  @Test
  void aBrokenLayerInsideIsNamed() {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.feedForward(4))
            .addLayer("wrong", new BrokenLayer("b"), "in")
            .addLayer("loss", new SoftmaxLossLayer(), "wrong")
            .setOutputs("loss")
            .build();
    Report report =
        check(configuration, new MultiDataSet(random.normal(5, 4), random.oneHot(5, 3)));
    assertThat(report.disagreements())
        .singleElement()
        .asString()
        .startsWith("network: wrong_b differs from autodiff");
  }

  @Test
  void aForeignLayerIsNamed() {
    var configuration =
        new NeuralNetConfiguration.Builder()
            .graphBuilder()
            .addInputs("in")
            .setInputTypes(InputType.feedForward(4))
            .addLayer("dense", new DenseLayer.Builder().nOut(3).build(), "in")
            .addLayer("loss", new SoftmaxLossLayer(), "dense")
            .setOutputs("loss")
            .build();
    var batch = new MultiDataSet(random.normal(5, 4), random.oneHot(5, 3));
    assertThatThrownBy(() -> check(configuration, batch))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("the layer dense is a DenseLayer");
  }
}
