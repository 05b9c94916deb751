package org.descry.layer;

import org.descry.kernel.ConvRelu;

/**
 * Convolution and rectifier, see {@link ConvRelu}. Input N x C x H x W, output N x F x OH x OW.
 * Parameters: W (F x C x HH x WW), b (F).
 */
public final class ConvReluLayer extends AbstractConvLayer {
  /** For JSON. */
  ConvReluLayer() {}

  private ConvReluLayer(Builder builder) {
    super(builder);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvReluLayer build() {
      return new ConvReluLayer(this);
    }
  }
}
