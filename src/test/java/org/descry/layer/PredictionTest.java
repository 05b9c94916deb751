package org.descry.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.engine.Allocator;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a layer with running averages predicts is what its SameDiff definition says. */
class PredictionTest {
  private static final InputType ROWS = InputType.feedForward(5);
  private static final InputType IMAGES = InputType.convolutional(6, 5, 3);

  static Stream<Arguments> layers() {
    return Stream.of(
        Arguments.of(new BatchNormLayer.Builder().build(), ROWS),
        Arguments.of(new BatchNormLayer.Builder().build(), IMAGES),
        Arguments.of(new AffineBatchNormReluLayer.Builder().nOut(4).build(), ROWS),
        Arguments.of(new AffineBatchNormReluLayer.Builder().nOut(4).build(), IMAGES),
        Arguments.of(new ConvBatchNormReluLayer.Builder().filters(4).build(), IMAGES),
        Arguments.of(new ConvBatchNormReluPoolLayer.Builder().filters(4).build(), IMAGES));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void predictionIsTheSameDiffDefinition(ExplicitLayer layer, InputType type) {
    layer.setNIn(type, true);
    RandomArrays random = new RandomArrays(12);
    INDArray x = random.normal(type == ROWS ? new long[] {6, 5} : new long[] {4, 3, 6, 5});
    Map<String, INDArray> params = parameters(layer, random);
    INDArray out = layer.explicitPass().forward(x, null, false, params, Allocator.DETACHED);
    SameDiff sameDiff = SameDiff.create();
    SDVariable input = sameDiff.placeHolder("x", DataType.DOUBLE, x.shape());
    SDVariable defined = layer.defineLayer(sameDiff, input, variables(sameDiff, params), null);
    INDArray expected = sameDiff.output(Map.of("x", x), defined.name()).get(defined.name());
    assertThat(Vectors.relativeError(out, expected, 1e-2)).isLessThan(1e-9);
  }

  private static Map<String, SDVariable> variables(
      SameDiff sameDiff, Map<String, INDArray> params) {
    Map<String, SDVariable> variables = new HashMap<>();
    params.forEach((name, value) -> variables.put(name, sameDiff.var(name, value.dup())));
    return variables;
  }

  private static Map<String, INDArray> parameters(ExplicitLayer layer, RandomArrays random) {
    Map<String, INDArray> params = new LinkedHashMap<>();
    layer
        .getLayerParams()
        .getParamShapes()
        .forEach((name, shape) -> params.put(name, random.normal(shape)));
    params.get(Normalization.RUNNING_VARIANCE).assign(Nd4j.math().abs(params.get("gamma")));
    return params;
  }
}
