package org.descry.generate;

import static org.assertj.core.api.Assertions.assertThat;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.model.CaptioningRnn;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class EncoderTest {
  /** A residual block below the projection: the encoder is no chain. */
  @Test
  void branchesAreCutOffToo() {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(4)
                .graphBuilder()
                .addInputs(CaptioningRnn.IMAGE)
                .setInputTypes(InputType.convolutional(4, 4, 3))
                .addLayer(
                    "conv1", new ConvReluLayer.Builder().filters(3).build(), CaptioningRnn.IMAGE)
                .addLayer("conv2", new ConvReluLayer.Builder().filters(3).build(), "conv1")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "conv1", "conv2")
                .addLayer(
                    CaptioningRnn.PROJECTION, new AffineLayer.Builder().nOut(5).build(), "sum")
                .addLayer("loss", new SoftmaxLossLayer(), CaptioningRnn.PROJECTION)
                .setOutputs("loss")
                .build());
    network.init();
    INDArray x = new RandomArrays(3).normal(2, 3, 4, 4).castTo(DataType.FLOAT);
    INDArray expected = network.feedForward(x, false).get(CaptioningRnn.PROJECTION);
    assertThat(Encoder.of(network).outputSingle(x)).isEqualTo(expected);
  }
}
