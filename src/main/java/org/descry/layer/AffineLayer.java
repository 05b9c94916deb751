package org.descry.layer;

import org.descry.kernel.Activation;
import org.descry.kernel.Affine;

/**
 * The affine map {@code x W + b}, see {@link Affine}.
 *
 * <p>Input N x D, or images N x C x H x W, which are read channels-last: row (h W + w) C + c of W
 * belongs to channel c at (h, w). Output N x M. Parameters: W (D x M), b (M).
 */
public final class AffineLayer extends AbstractAffineLayer {
  /** For JSON. */
  AffineLayer() {}

  private AffineLayer(Builder builder) {
    super(builder);
  }

  @Override
  public Activation activation() {
    return Activation.NONE;
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractAffineLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public AffineLayer build() {
      return new AffineLayer(this);
    }
  }
}
