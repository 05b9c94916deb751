package org.descry.export.stock;

import java.util.Map;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.descry.data.image.ChannelNormalizer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.LayerNorm;
import org.descry.layer.BatchNormLayer;
import org.descry.layer.LayerNormLayer;
import org.descry.layer.Normalization;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Normalisations as DL4J has them. */
final class NormalizationConverters {
  private static final double MAX_BYTE = 255;

  private NormalizationConverters() {}

  static String batchNorm(StockGraph graph, Original<BatchNormLayer> original, String input) {
    return batchNorm(graph, original.name(), original.layer().rates(), original.params(), input);
  }

  /**
   * @param params of one of Descry's layers that normalise
   */
  static String batchNorm(
      StockGraph graph,
      String name,
      BatchNorm.Rates rates,
      Map<String, INDArray> params,
      String input) {
    BatchNormalization layer =
        new BatchNormalization.Builder()
            .eps(rates.epsilon())
            .decay(rates.momentum())
            .useLogStd(false)
            .build();
    layer.setNIn(graph.type(input), true);
    return graph.layer(
        name,
        layer,
        Map.of(
            BatchNormalizationParamInitializer.GAMMA,
            params.get(Normalization.GAMMA),
            BatchNormalizationParamInitializer.BETA,
            params.get(Normalization.BETA),
            BatchNormalizationParamInitializer.GLOBAL_MEAN,
            params.get(Normalization.RUNNING_MEAN),
            BatchNormalizationParamInitializer.GLOBAL_VAR,
            params.get(Normalization.RUNNING_VARIANCE)),
        input);
  }

  /**
   * Layer norm as a map that takes the mean off and adds a constant, L2 normalisation, and a map
   * that scales and shifts: {@code (x - mean) / sqrt(variance + e)} is sqrt(D) times the first D of
   * the D + 1 numbers, divided by their length, where the constant is sqrt(D e).
   */
  static String layerNorm(StockGraph graph, Original<LayerNormLayer> original, String input) {
    String name = original.name();
    INDArray gamma = original.params().get(Normalization.GAMMA);
    long width = gamma.length();
    INDArray centre = Nd4j.eye(width).castTo(DataType.FLOAT).subi(1.0 / width);
    INDArray scale = Nd4j.diag(gamma.mul(Math.sqrt(width)).reshape(width));
    String centred =
        AffineConverters.dense(
            graph,
            name + "-centred",
            Nd4j.hstack(centre, Nd4j.zeros(DataType.FLOAT, width, 1)),
            Nd4j.zeros(DataType.FLOAT, width + 1)
                .putScalar(width, Math.sqrt(width * LayerNorm.EPSILON)),
            Activation.IDENTITY,
            input);
    String normalized =
        graph.vertex(name + "-normalized", new L2NormalizeVertex(new int[] {1}, 0), centred);
    return AffineConverters.dense(
        graph,
        name,
        Nd4j.vstack(scale, Nd4j.zeros(DataType.FLOAT, 1, width)),
        original.params().get(Normalization.BETA),
        Activation.IDENTITY,
        normalized);
  }

  /**
   * The images' own normalisation, as a batch norm that never learns: {@code (v - 255 mean) / (255
   * std)} of bytes v. DL4J adds its epsilon to the variance, so that is taken off before.
   *
   * @param input images N x C x H x W of bytes
   */
  static String pixels(StockGraph graph, String name, ChannelNormalizer normalizer, String input) {
    int channels = normalizer.mean().size();
    double[] means = new double[channels];
    double[] variances = new double[channels];
    for (int c = 0; c < channels; c++) {
      means[c] = MAX_BYTE * normalizer.mean().get(c);
      double deviation = MAX_BYTE * normalizer.scale(c);
      variances[c] = deviation * deviation - BatchNorm.EPSILON;
    }
    BatchNormalization layer =
        new BatchNormalization.Builder()
            .eps(BatchNorm.EPSILON)
            .useLogStd(false)
            .lockGammaBeta(true)
            .build();
    layer.setNIn(graph.type(input), true);
    return graph.layer(
        name,
        new FrozenLayer(layer),
        Map.of(
            BatchNormalizationParamInitializer.GLOBAL_MEAN,
            Nd4j.createFromArray(means),
            BatchNormalizationParamInitializer.GLOBAL_VAR,
            Nd4j.createFromArray(variances)),
        input);
  }
}
