package org.descry.export.stock;

import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.kernel.Window;
import org.descry.layer.AbstractConvLayer;
import org.descry.layer.AbstractConvPoolLayer;
import org.descry.layer.ConvBatchNormReluLayer;
import org.descry.layer.ConvBatchNormReluPoolLayer;
import org.descry.layer.ConvBlockLayer;
import org.descry.layer.ConvReluLayer;
import org.descry.layer.ConvReluPoolLayer;
import org.descry.layer.ExplicitLayer;
import org.nd4j.linalg.activations.Activation;

/**
 * Convolutions as DL4J has them: the parts one by one. DL4J's {@link ConvolutionMode#Truncate}
 * rounds down as {@link Window} does.
 */
final class ConvolutionConverters {
  private ConvolutionConverters() {}

  static String convRelu(StockGraph graph, Original<ConvReluLayer> original, String input) {
    return convolution(graph, original, Activation.RELU, input);
  }

  static String convReluPool(StockGraph graph, Original<ConvReluPoolLayer> original, String input) {
    return pool(graph, original, convolution(graph, original, Activation.RELU, input));
  }

  static String convNormRelu(
      StockGraph graph, Original<ConvBatchNormReluLayer> original, String input) {
    return normRelu(graph, original, input);
  }

  static String convNormReluPool(
      StockGraph graph, Original<ConvBatchNormReluPoolLayer> original, String input) {
    return pool(graph, original, normRelu(graph, original, input));
  }

  static String block(StockGraph graph, Original<ConvBlockLayer> original, String input) {
    ConvBlockLayer layer = original.layer();
    Activation activation =
        ElementwiseConverters.activation(original.name(), layer, layer.activation());
    String activated =
        layer.normalizes()
            ? normalized(graph, original, "-activation", activation, input)
            : convolution(graph, original, activation, input);
    return layer.poolWindow() == null
        ? activated
        : pool(graph, original.name(), layer.poolWindow(), activated);
  }

  private static String normRelu(
      StockGraph graph, Original<? extends AbstractConvLayer> original, String input) {
    return normalized(graph, original, "-relu", Activation.RELU, input);
  }

  private static String normalized(
      StockGraph graph,
      Original<? extends AbstractConvLayer> original,
      String suffix,
      Activation activation,
      String input) {
    String normalized =
        NormalizationConverters.batchNorm(
            graph,
            original.name() + "-norm",
            original.params(),
            convolution(graph, original, Activation.IDENTITY, input));
    return graph.layer(original.name() + suffix, new ActivationLayer(activation), normalized);
  }

  private static String convolution(
      StockGraph graph,
      Original<? extends AbstractConvLayer> original,
      Activation activation,
      String input) {
    AbstractConvLayer layer = original.layer();
    Window window = layer.window();
    return graph.layer(
        original.name(),
        new ConvolutionLayer.Builder(window.height(), window.width())
            .stride(window.strideHeight(), window.strideWidth())
            .padding(window.padHeight(), window.padWidth())
            .convolutionMode(ConvolutionMode.Truncate)
            .nIn(layer.channels())
            .nOut(layer.filters())
            .activation(activation)
            .build(),
        Map.of(
            ConvolutionParamInitializer.WEIGHT_KEY,
            original.params().get(ExplicitLayer.WEIGHTS),
            ConvolutionParamInitializer.BIAS_KEY,
            original.params().get(ExplicitLayer.BIAS)),
        input);
  }

  private static String pool(
      StockGraph graph, Original<? extends AbstractConvPoolLayer> original, String input) {
    return pool(graph, original.name(), original.layer().poolWindow(), input);
  }

  private static String pool(StockGraph graph, String name, Window window, String input) {
    return graph.layer(
        name + "-pool",
        new SubsamplingLayer.Builder(PoolingType.MAX)
            .kernelSize(window.height(), window.width())
            .stride(window.strideHeight(), window.strideWidth())
            .padding(window.padHeight(), window.padWidth())
            .convolutionMode(ConvolutionMode.Truncate)
            .build(),
        input);
  }
}
