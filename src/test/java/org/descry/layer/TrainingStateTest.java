package org.descry.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.descry.kernel.Activation;
import org.descry.model.ConvNet;
import org.descry.model.ConvNet.Stage;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceAffine;
import org.descry.testing.ReferenceBatchNorm;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** Networks with batch norm and dropout: state, masks, and what must not touch them. */
class TrainingStateTest {
  private static final NetworkSettings ADAM =
      NetworkSettings.of(5, new Adam(1e-2)).withType(DataType.DOUBLE);

  private static ConvNet model(boolean batchNorm, double dropout) {
    List<Stage> stages = List.of(new Stage(4, 3, true), new Stage(4, 3, false));
    return new ConvNet(
        2, 6, 6, 3, stages, List.of(7), 0, Loss.SOFTMAX, batchNorm, dropout, Activation.RELU);
  }

  private static ComputationGraph net(ConvNet model, NetworkSettings solver) {
    ComputationGraph net = new ComputationGraph(model.configuration(solver));
    net.init();
    return net;
  }

  private static DataSet batch(long seed) {
    RandomArrays random = new RandomArrays(seed);
    return new DataSet(random.normal(8, 2, 6, 6), random.oneHot(8, 3));
  }

  @Test
  void aStepMovesTheRunningAveragesOnceAndNothingElseDoes() {
    ComputationGraph net = net(model(true, 0), ADAM);
    DataSet data = batch(1);
    INDArray w = net.getParam("hidden1_W").dup();
    INDArray in = net.feedForward(data.getFeatures(), true).get("conv2").dup('c');
    net.score(data, true);
    net.output(true, data.getFeatures());
    assertThat(net.getParam("hidden1_runningMean").amaxNumber().doubleValue()).isZero();

    net.fit(data);
    INDArray rows = in.permute(0, 2, 3, 1).dup('c').reshape('c', 8, w.size(0));
    INDArray bias = net.getParam("hidden1_gamma").dup().assign(0);
    INDArray affine = ReferenceAffine.forward(rows, w, bias);
    var statistics = ReferenceBatchNorm.train(affine, bias, bias, 1e-5);
    assertClose(net.getParam("hidden1_runningMean"), statistics.mean().muli(0.1));
    assertClose(net.getParam("hidden1_runningVariance"), statistics.variance().muli(0.1));
  }

  @Test
  void regularisationAndClippingLeaveTheRunningAveragesAlone() {
    NetworkSettings plain = NetworkSettings.of(5, new Sgd(0)).withType(DataType.DOUBLE);
    ComputationGraph expected = net(model(true, 0), plain);
    expected.fit(batch(1));
    expected.fit(batch(2));
    for (GradientNormalization clipping : GradientNormalization.values()) {
      NetworkSettings solver =
          new NetworkSettings(5, new Sgd(0), 0.5, 0, clipping, 1e-6, DataType.DOUBLE);
      ComputationGraph net = net(model(true, 0), solver);
      net.fit(batch(1));
      net.fit(batch(2));
      assertThat(net.params()).as("%s", clipping).isEqualTo(expected.params());
    }
  }

  @Test
  void theNetworksGradientAgreesWithCentralDifferences() {
    ComputationGraph net = net(model(true, 0.3), ADAM);
    net.fit(batch(1));
    net.setInputs(batch(2).getFeatures());
    net.setLabels(batch(2).getLabels());
    net.computeGradientAndScore();
    INDArray gradient = net.gradient().gradient().dup().divi(8);
    for (String name : List.of("conv1_W", "conv2_gamma", "hidden1_W", "hidden1_beta", "scores_b")) {
      INDArray explicit = net.gradient().getGradientFor(name).dup().divi(8);
      Numeric.assertGradient(
          name, explicit, net.getParam(name), () -> net.score(batch(2), true), 1e-4);
    }
    assertThat(gradient.isNaN().any()).isFalse();
  }

  @Test
  void stateAndMasksSurviveSaveLoadAndClone() throws IOException {
    ConvNet model = model(true, 0.4);
    ComputationGraph whole = net(model, ADAM);
    ComputationGraph resumed = net(model, ADAM);
    for (int step = 0; step < 3; step++) {
      whole.fit(batch(step));
      resumed.fit(batch(step));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelSerializer.writeModel(resumed, file, true);
    resumed =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file.toByteArray()), true);
    assertThat(resumed.params()).isEqualTo(whole.params());
    assertThat(resumed.clone().params()).isEqualTo(whole.params());
    for (int step = 3; step < 6; step++) {
      whole.fit(batch(step));
      resumed.fit(batch(step));
    }
    assertThat(resumed.params()).isEqualTo(whole.params());
    INDArray x = batch(9).getFeatures();
    assertThat(resumed.outputSingle(x)).isEqualTo(whole.outputSingle(x));
  }

  @Test
  void configurationsSurviveJson() {
    ComputationGraphConfiguration configuration = model(true, 0.4).configuration(ADAM);
    String json = configuration.toJson();
    assertThat(ComputationGraphConfiguration.fromJson(json).toJson()).isEqualTo(json);
  }

  @Test
  void dropoutDrawsAMaskAStep() {
    ComputationGraph net = net(model(false, 0.4), NetworkSettings.of(5, new Sgd(0)));
    DataSet data = batch(1);
    data.setFeatures(data.getFeatures().castTo(DataType.FLOAT));
    data.setLabels(data.getLabels().castTo(DataType.FLOAT));
    double first = net.score(data, true);
    assertThat(net.score(data, true)).isEqualTo(first);
    assertThat(net.score(data, false)).isNotEqualTo(first);
    net.fit(data);
    net.fit(data);
    assertThat(net.score(data, true)).isNotEqualTo(first);
  }

  @Test
  void itLearns() {
    ComputationGraph net = net(model(true, 0.2), ADAM);
    DataSet data = batch(1);
    double before = net.score(data);
    for (int step = 0; step < 60; step++) {
      net.fit(data);
    }
    assertThat(net.score(data)).isLessThan(before / 4).isLessThan(0.3);
  }

  private static void assertClose(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1e-2)).isLessThan(1e-9);
  }
}
