package org.descry.layer;

import org.descry.kernel.AffineBlock;

/**
 * The affine map, batch normalisation and the rectifier, see {@link AffineBlock}.
 *
 * <p>Input N x D, or images N x C x H x W, which are read channels-last: row (h W + w) C + c of W
 * belongs to channel c at (h, w). Output N x M. Parameters: W (D x M), b (M), gamma (M), beta (M),
 * and the running averages runningMean (M) and runningVariance (M), which no updater moves.
 */
public final class AffineBatchNormReluLayer extends AbstractAffineLayer {
  /** For JSON. */
  AffineBatchNormReluLayer() {}

  private AffineBatchNormReluLayer(Builder builder) {
    super(builder);
  }

  @Override
  public boolean normalizes() {
    return true;
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractAffineLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public AffineBatchNormReluLayer build() {
      return new AffineBatchNormReluLayer(this);
    }
  }
}
