package org.descry.layer;

import org.descry.kernel.ConvBlock;

/**
 * Convolution, batch normalisation, rectifier and max pooling, see {@link ConvBlock}. Input N x C x
 * H x W, output N x F x OH x OW. Parameters: W (F x C x HH x WW), b (F), gamma (F), beta (F), and
 * the running averages runningMean (F) and runningVariance (F), which no updater moves.
 */
public final class ConvBatchNormReluPoolLayer extends AbstractConvPoolLayer {
  /** For JSON. */
  ConvBatchNormReluPoolLayer() {}

  private ConvBatchNormReluPoolLayer(Builder builder) {
    super(builder);
  }

  @Override
  public boolean normalizes() {
    return true;
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvPoolLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvBatchNormReluPoolLayer build() {
      return new ConvBatchNormReluPoolLayer(this);
    }
  }
}
