package org.descry.layer;

import org.descry.kernel.Window;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;
import org.nd4j.linalg.factory.Nd4j;

/** Convolution and pooling as SameDiff graphs. */
final class ConvDefinition {
  private ConvDefinition() {}

  /**
   * @param input N x C x H x W
   * @param weights F x C x HH x WW, of known shape
   */
  static SDVariable convolution(
      SDVariable input, SDVariable weights, SDVariable bias, Window window) {
    SameDiff sameDiff = input.getSameDiff();
    Conv2DConfig config =
        Conv2DConfig.builder()
            .kH(window.reachHeight())
            .kW(window.reachWidth())
            .sH(window.strideHeight())
            .sW(window.strideWidth())
            .pH(window.padHeight())
            .pW(window.padWidth())
            .dH(1)
            .dW(1)
            .paddingMode(PaddingMode.VALID)
            .dataFormat(Conv2DConfig.NCHW)
            .weightsFormat(WeightsFormat.YXIO)
            .build();
    // M2.1's gradient of conv2d fails its own shape check for weights that are not YXIO.
    SDVariable ordered = sameDiff.permute(weights, 2, 3, 1, 0);
    SDVariable filters = window.dilated() ? spread(ordered, weights.getShape(), window) : ordered;
    return sameDiff.cnn().conv2d(input, filters, bias, config);
  }

  /**
   * Zeros between weights, since ND4J refuses dilation in float32.
   *
   * @param weights HH x WW x C x F
   * @param shape F x C x HH x WW
   */
  private static SDVariable spread(SDVariable weights, long[] shape, Window window) {
    int width = window.width();
    long taps = (long) window.height() * width;
    INDArray places =
        Nd4j.zeros(weights.dataType(), (long) window.reachHeight() * window.reachWidth(), taps);
    for (int tap = 0; tap < taps; tap++) {
      long row = (long) (tap / width) * window.dilationHeight();
      long column = (long) (tap % width) * window.dilationWidth();
      places.putScalar(row * window.reachWidth() + column, tap, 1);
    }
    return weights
        .getSameDiff()
        .constant(places)
        .mmul(weights.reshape(taps, shape[0] * shape[1]))
        .reshape(window.reachHeight(), window.reachWidth(), shape[1], shape[0]);
  }

  /**
   * @param pool the window, or null for none
   */
  static SDVariable pooled(SDVariable x, Window pool) {
    if (pool == null) {
      return x;
    }
    Pooling2DConfig config =
        Pooling2DConfig.builder()
            .kH(pool.height())
            .kW(pool.width())
            .sH(pool.strideHeight())
            .sW(pool.strideWidth())
            .dH(1)
            .dW(1)
            .isNHWC(false)
            .paddingMode(PaddingMode.VALID)
            .build();
    return x.getSameDiff().cnn().maxPooling2d(x, config);
  }
}
