package org.descry.layer;

import org.descry.kernel.ConvReluPool;

/**
 * Convolution, rectifier and max pooling, see {@link ConvReluPool}. Input N x C x H x W, output N x
 * F x OH x OW. Parameters: W (F x C x HH x WW), b (F).
 */
public final class ConvReluPoolLayer extends AbstractConvPoolLayer {
  /** For JSON. */
  ConvReluPoolLayer() {}

  private ConvReluPoolLayer(Builder builder) {
    super(builder);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvPoolLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvReluPoolLayer build() {
      return new ConvReluPoolLayer(this);
    }
  }
}
