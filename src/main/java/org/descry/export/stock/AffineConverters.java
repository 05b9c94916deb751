package org.descry.export.stock;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.kernel.BatchNorm;
import org.descry.layer.AffineBatchNormReluLayer;
import org.descry.layer.AffineBlockLayer;
import org.descry.layer.AffineLayer;
import org.descry.layer.AffineReluLayer;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.TemporalAffineLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Affine maps as DL4J's dense layers. */
final class AffineConverters {
  private AffineConverters() {}

  static String affine(StockGraph graph, Original<AffineLayer> original, String input) {
    return dense(graph, original.name(), original.params(), Activation.IDENTITY, input);
  }

  static String affineRelu(StockGraph graph, Original<AffineReluLayer> original, String input) {
    return dense(graph, original.name(), original.params(), Activation.RELU, input);
  }

  static String affineNormRelu(
      StockGraph graph, Original<AffineBatchNormReluLayer> original, String input) {
    return normalized(graph, original, original.layer().rates(), "-relu", Activation.RELU, input);
  }

  static String block(StockGraph graph, Original<AffineBlockLayer> original, String input) {
    AffineBlockLayer layer = original.layer();
    Activation activation =
        ElementwiseConverters.activation(original.name(), layer, layer.activation());
    return layer.normalizes()
        ? normalized(graph, original, layer.rates(), "-activation", activation, input)
        : dense(graph, original.name(), original.params(), activation, input);
  }

  private static String normalized(
      StockGraph graph,
      Original<?> original,
      BatchNorm.Rates rates,
      String suffix,
      Activation activation,
      String input) {
    String name = original.name();
    String affine = dense(graph, name, original.params(), Activation.IDENTITY, input);
    String normalized =
        NormalizationConverters.batchNorm(graph, name + "-norm", rates, original.params(), affine);
    return graph.layer(name + suffix, new ActivationLayer(activation), normalized);
  }

  /** On sequences, DL4J lays the steps one below another by itself. */
  static String temporalAffine(
      StockGraph graph, Original<TemporalAffineLayer> original, String input) {
    return dense(graph, original.name(), original.params(), Activation.IDENTITY, input);
  }

  private static String dense(
      StockGraph graph,
      String name,
      Map<String, INDArray> params,
      Activation activation,
      String input) {
    return dense(
        graph,
        name,
        rows(params.get(ExplicitLayer.WEIGHTS), graph.type(input)),
        params.get(ExplicitLayer.BIAS),
        activation,
        input);
  }

  /**
   * @param weights D x M, in DL4J's order of the input
   */
  static String dense(
      StockGraph graph,
      String name,
      INDArray weights,
      INDArray bias,
      Activation activation,
      String input) {
    return graph.layer(
        name,
        new DenseLayer.Builder()
            .nIn(weights.size(0))
            .nOut(weights.size(1))
            .activation(activation)
            .build(),
        Map.of(DefaultParamInitializer.WEIGHT_KEY, weights, DefaultParamInitializer.BIAS_KEY, bias),
        input);
  }

  /**
   * Descry reads images channels-last, row (h W + w) C + c; DL4J channels-first, row (c H + h) W +
   * w.
   */
  private static INDArray rows(INDArray weights, InputType input) {
    if (!(input instanceof InputType.InputTypeConvolutional images)) {
      return weights;
    }
    return weights
        .dup('c')
        .reshape('c', images.getHeight(), images.getWidth(), images.getChannels(), weights.size(1))
        .permute(2, 0, 1, 3)
        .dup('c')
        .reshape('c', weights.shape());
  }
}
