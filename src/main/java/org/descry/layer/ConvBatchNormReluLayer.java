package org.descry.layer;

import org.descry.kernel.ConvBlock;

/**
 * Convolution, batch normalisation and rectifier, see {@link ConvBlock}. Input N x C x H x W,
 * output N x F x OH x OW. Parameters: W (F x C x HH x WW), b (F), gamma (F), beta (F), and the
 * running averages runningMean (F) and runningVariance (F), which no updater moves.
 */
public final class ConvBatchNormReluLayer extends AbstractConvLayer {
  /** For JSON. */
  ConvBatchNormReluLayer() {}

  private ConvBatchNormReluLayer(Builder builder) {
    super(builder);
  }

  @Override
  public boolean normalizes() {
    return true;
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvBatchNormReluLayer build() {
      return new ConvBatchNormReluLayer(this);
    }
  }
}
