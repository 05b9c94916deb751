package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.export.samediff.NetworkDefinition;
import org.descry.export.stock.StockConverters;
import org.descry.export.stock.StockGraph;
import org.descry.gradcheck.GradientCheck;
import org.descry.gradcheck.NetworkSubject;
import org.descry.kernel.Activation;
import org.descry.layer.AffineLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;

/** What walks through networks finds its way where they branch: a residual block, two towers. */
class BranchesTest {
  private static final int CLASSES = 4;
  private static final InputType IMAGE = InputType.convolutional(6, 6, 3);

  private final RandomArrays random = new RandomArrays(8);
  private final INDArray x = random.floats(3, 3, 6, 6);

  private static ConvBlockLayer conv(Activation activation) {
    return new ConvBlockLayer.Builder()
        .filters(5)
        .activation(activation)
        .batchNorm(activation == Activation.NONE)
        .build();
  }

  private static ComputationGraph network(boolean scaled) {
    var builder =
        new NeuralNetConfiguration.Builder()
            .seed(4)
            .l2(0.01)
            .graphBuilder()
            .addInputs("image")
            .setInputTypes(IMAGE)
            .addLayer("stem", conv(Activation.GELU), "image")
            .addLayer("left", conv(Activation.SILU), "stem")
            .addLayer("right", conv(Activation.NONE), "left")
            .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "right", "stem")
            .addVertex("both", new MergeVertex(), "sum", "left");
    if (scaled) {
      builder.addVertex("half", new ScaleVertex(0.5), "both");
    }
    ComputationGraph network =
        new ComputationGraph(
            builder
                .addLayer(
                    "scores",
                    new AffineLayer.Builder().nOut(CLASSES).build(),
                    scaled ? "half" : "both")
                .addLayer("loss", new SoftmaxLossLayer(), "scores")
                .setOutputs("loss")
                .build());
    network.init();
    return network;
  }

  private MultiDataSet batch() {
    return new MultiDataSet(x, random.oneHot(3, CLASSES).castTo(DataType.FLOAT));
  }

  private ComputationGraph trained(boolean scaled) {
    ComputationGraph network = network(scaled);
    for (int step = 0; step < 5; step++) {
      network.fit(batch());
    }
    return network;
  }

  @Test
  void gradientCheck() {
    var report =
        new GradientCheck(8, 1).of(new NetworkSubject("branches", network(true), batch(), 1));
    assertThat(report.disagreements()).isEmpty();
    assertThat(report.rows()).filteredOn(row -> row.autodiff() != null).hasSizeGreaterThan(12);
  }

  @Test
  void sameDiff() {
    ComputationGraph network = trained(false);
    SameDiff graph = SameDiff.create();
    SDVariable input = graph.placeHolder("image", DataType.FLOAT, -1, 3, 6, 6);
    String output =
        new NetworkDefinition(graph, network).put("image", input, IMAGE).define("loss").name();
    INDArray got = graph.outputSingle(Map.of("image", x), output);
    assertThat(got.distance2(network.outputSingle(x))).isLessThan(1e-5);
    assertThatThrownBy(
            () -> {
              SameDiff other = SameDiff.create();
              SDVariable seen = other.placeHolder("image", DataType.FLOAT, -1, 3, 6, 6);
              new NetworkDefinition(other, network(true)).put("image", seen, IMAGE).define("loss");
            })
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("\"half\" (ScaleVertex)");
  }

  @Test
  void stock() {
    // GELU has no exact counterpart among DL4J's own.
    ComputationGraph network = trained(true);
    assertThatThrownBy(() -> stock(network)).isInstanceOf(DescryException.class);
    ComputationGraph silu = network(true);
    ComputationGraph exact =
        new ComputationGraph(
            org.deeplearning4j.nn.conf.ComputationGraphConfiguration.fromJson(
                silu.getConfiguration().toJson().replace("\"GELU\"", "\"SILU\"")));
    exact.init();
    exact.fit(batch());
    assertThat(stock(exact).outputSingle(x).distance2(exact.outputSingle(x))).isLessThan(1e-5);
  }

  private static ComputationGraph stock(ComputationGraph network) {
    StockGraph graph = new StockGraph();
    String input = graph.input("image", IMAGE);
    return graph.build(StockConverters.addBelow(graph, network, "image", "loss", input));
  }
}
