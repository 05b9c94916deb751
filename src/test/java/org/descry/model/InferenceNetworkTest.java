package org.descry.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

class InferenceNetworkTest {
  /** A residual block below the projection: the encoder is no chain. */
  @Test
  void branchesAreCutOffToo() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(4)
                .graphBuilder()
                .addInputs(NetworkModel.IMAGE)
                .setInputTypes(InputType.convolutional(4, 4, 3))
                .addLayer(
                    "conv1", new ConvReluLayer.Builder().filters(3).build(), NetworkModel.IMAGE)
                .addLayer("conv2", new ConvReluLayer.Builder().filters(3).build(), "conv1")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv1", "conv2")
                .addLayer(
                    CaptioningRnn.PROJECTION, new AffineLayer.Builder().nOut(5).build(), "sum")
                .addLayer("loss", new SoftmaxLossLayer(), CaptioningRnn.PROJECTION)
                .setOutputs("loss")
                .build());
    network.init();
    INDArray x = new RandomArrays(3).floats(2, 3, 4, 4);
    INDArray expected = network.feedForward(x, false).get(CaptioningRnn.PROJECTION);
    assertThat(InferenceNetwork.of(network, List.of(CaptioningRnn.PROJECTION)).outputSingle(x))
        .isEqualTo(expected);
  }

  private static ComputationGraph normalizing() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(4)
                .graphBuilder()
                .addInputs("image")
                .setInputTypes(InputType.convolutional(8, 8, 3))
                .addLayer("a", new ConvBatchNormReluLayer.Builder().filters(4).build(), "image")
                .addLayer(
                    "dilated",
                    new ConvBlockLayer.Builder()
                        .filters(4)
                        .kernel(3, 2)
                        .dilation(1, 2)
                        .batchNorm(new BatchNorm.Rates(0.5, 0.9))
                        .build(),
                    "a")
                .addLayer(
                    "b",
                    new FrozenLayer(
                        new ConvBatchNormReluPoolLayer.Builder()
                            .filters(5)
                            .pool(3, 3)
                            .poolStride(2, 2)
                            .build()),
                    "dilated")
                .addLayer(
                    "c",
                    new ConvBlockLayer.Builder()
                        .filters(6)
                        .kernel(3, 2)
                        .stride(1, 2)
                        .activation(Activation.TANH)
                        .batchNorm(true)
                        .build(),
                    "b")
                .addLayer("d", new AffineBatchNormReluLayer.Builder().nOut(7).build(), "c")
                .addLayer("e", new AffineLayer.Builder().nOut(3).build(), "d")
                .addLayer("loss", new SoftmaxLossLayer(), "e")
                .setOutputs("loss")
                .build());
    network.init();
    draw(network);
    return network;
  }

  private static void draw(ComputationGraph network) {
    RandomArrays random = new RandomArrays(5);
    network
        .paramTable()
        .forEach(
            (name, values) -> {
              INDArray drawn = random.floats(values.shape());
              values.assign(name.endsWith("Variance") ? drawn.mul(drawn).addi(0.1) : drawn);
            });
  }

  @Test
  void batchNormIsFoldedIntoTheMapsBeforeIt() {
    ComputationGraph network = normalizing();
    INDArray before = network.params().dup();
    ComputationGraph folded = InferenceNetwork.of(network);
    assertThat(folded.paramTable().keySet())
        .allMatch(name -> name.endsWith("_W") || name.endsWith("_b"));
    for (int rows : new int[] {1, 5}) {
      INDArray x = new RandomArrays(rows).floats(rows, 3, 8, 8);
      INDArray difference = folded.outputSingle(x).sub(network.outputSingle(x));
      assertThat(difference.amaxNumber().doubleValue()).isLessThan(1e-5);
    }
    assertThat(network.params()).isEqualTo(before);
  }

  /** What pools between map and norm, with scales of both signs. */
  @Test
  void theNetworkOfTheSpeedRunsAnswersTheSame() {
    FastNet model =
        new FastNet(3, 12, 12, 4, List.of(5, 6), 1, Loss.SOFTMAX, new BatchNorm.Rates(0.1, 0.6));
    ComputationGraph network =
        new ComputationGraph(model.configuration(NetworkSettings.of(3, new Sgd(0.1))));
    network.init();
    draw(network);
    INDArray x = new RandomArrays(6).floats(5, 3, 12, 12);
    INDArray scores = network.feedForward(x, false).get("scores");
    INDArray folded = InferenceNetwork.of(network).feedForward(x, false).get("scores");
    assertThat(folded.sub(scores).amaxNumber().doubleValue())
        .isLessThan(1e-5 * scores.amaxNumber().doubleValue());
  }

  @Test
  void whereNothingIsFoldedTheNetworkAnswersItself() {
    ComputationGraph folded = InferenceNetwork.of(normalizing());
    assertThat(InferenceNetwork.of(folded)).isSameAs(folded);
  }
}
