package org.descry.export.stock;

import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
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
import org.descry.layer.GlobalAveragePoolLayer;
import org.descry.layer.IdentityShortcutLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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
    String name = original.name();
    Activation activation = ElementwiseConverters.activation(name, layer, layer.activation());
    Window pool = layer.poolWindow();
    boolean early = pool != null && layer.poolsEarly();
    boolean apart = early || layer.normalizes();
    String map = convolution(graph, original, apart ? Activation.IDENTITY : activation, input);
    String seen = early ? pool(graph, name, pool, map) : map;
    String activated = apart ? normalized(graph, original, "-activation", activation, seen) : map;
    return early || pool == null ? activated : pool(graph, name, pool, activated);
  }

  static String globalAverage(
      StockGraph graph, Original<GlobalAveragePoolLayer> original, String input) {
    return graph.layer(original.name(), new GlobalPoolingLayer(PoolingType.AVG), input);
  }

  static String shortcut(StockGraph graph, Original<IdentityShortcutLayer> original, String input) {
    IdentityShortcutLayer layer = original.layer();
    return convolution(
        graph,
        original.name(),
        layer.window(),
        Map.of(
            ExplicitLayer.WEIGHTS,
            layer.weights(DataType.FLOAT),
            ExplicitLayer.BIAS,
            Nd4j.zeros(DataType.FLOAT, layer.channels())),
        Activation.IDENTITY,
        input);
  }

  private static String normRelu(
      StockGraph graph, Original<? extends AbstractConvLayer> original, String input) {
    String map = convolution(graph, original, Activation.IDENTITY, input);
    return normalized(graph, original, "-relu", Activation.RELU, map);
  }

  /** Batch norm, if the layer has one, and activation. */
  private static String normalized(
      StockGraph graph,
      Original<? extends AbstractConvLayer> original,
      String suffix,
      Activation activation,
      String map) {
    String seen = map;
    AbstractConvLayer layer = original.layer();
    if (layer.normalizes()) {
      seen =
          NormalizationConverters.batchNorm(
              graph, original.name() + "-norm", layer.rates(), original.params(), map);
    }
    return graph.layer(original.name() + suffix, new ActivationLayer(activation), seen);
  }

  private static String convolution(
      StockGraph graph,
      Original<? extends AbstractConvLayer> original,
      Activation activation,
      String input) {
    return convolution(
        graph, original.name(), original.layer().window(), original.params(), activation, input);
  }

  private static String convolution(
      StockGraph graph,
      String name,
      Window window,
      Map<String, INDArray> params,
      Activation activation,
      String input) {
    INDArray weights = params.get(ExplicitLayer.WEIGHTS);
    return graph.layer(
        name,
        new ConvolutionLayer.Builder(window.height(), window.width())
            .stride(window.strideHeight(), window.strideWidth())
            .padding(window.padHeight(), window.padWidth())
            .dilation(window.dilationHeight(), window.dilationWidth())
            .convolutionMode(ConvolutionMode.Truncate)
            .nIn(weights.size(1))
            .nOut(weights.size(0))
            .activation(activation)
            .build(),
        Map.of(
            ConvolutionParamInitializer.WEIGHT_KEY,
            weights,
            ConvolutionParamInitializer.BIAS_KEY,
            params.get(ExplicitLayer.BIAS)),
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
