package org.descry.layer;

import org.descry.kernel.AffineRelu;

/**
 * The affine map and the rectifier {@code max(x W + b, 0)}, see {@link AffineRelu}.
 *
 * <p>Input N x D, or images N x C x H x W, which are read channels-last: row (h W + w) C + c of W
 * belongs to channel c at (h, w). Output N x M. Parameters: W (D x M), b (M).
 */
public final class AffineReluLayer extends AbstractAffineLayer {
  /** For JSON. */
  AffineReluLayer() {}

  private AffineReluLayer(Builder builder) {
    super(builder);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractAffineLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public AffineReluLayer build() {
      return new AffineReluLayer(this);
    }
  }
}
