package org.descry.export.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.image.ChannelNormalizer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NormalizationConvertersTest {
  @Test
  void bytesAreNormalisedAsTheirNormalizerDoes() {
    List<Double> means = List.of(0.5, 0.1, 0.9);
    List<Double> deviations = List.of(0.25, 0.004, 0.0); // the last without spread
    StockGraph graph = new StockGraph();
    String input = graph.input("image", InputType.convolutional(1, 2, 3));
    String output =
        NormalizationConverters.pixels(
            graph, "normalizer", new ChannelNormalizer(means, deviations), input);
    ComputationGraph network = graph.build(output);
    INDArray bytes = Nd4j.createFromArray(0f, 255f, 30f, 25f, 229f, 230f).reshape(1, 3, 1, 2);
    double[] expected = {
      -2,
      2,
      (30 / 255.0 - 0.1) / 0.004,
      (25 / 255.0 - 0.1) / 0.004,
      229 / 255.0 - 0.9,
      230 / 255.0 - 0.9
    };
    INDArray found = network.outputSingle(bytes).castTo(DataType.DOUBLE);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertThat(found.ravel().toDoubleVector()).containsExactly(expected, within(1e-5 * largest));
    assertThat(network.getLayer("normalizer").conf().getLayer().getClass().getName())
        .startsWith("org.deeplearning4j.");
  }
}
