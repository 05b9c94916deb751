package org.descry.layer;

import java.util.List;
import org.descry.kernel.Activation;
import org.descry.kernel.AffineBlock;

/**
 * The affine map, batch normalisation if so wished, and any {@link Activation}, see {@link
 * AffineBlock}: {@code act(norm(x W + b))}.
 *
 * <p>Input N x D, or images N x C x H x W, which are read channels-last: row (h W + w) C + c of W
 * belongs to channel c at (h, w). Output N x M. Parameters: W (D x M), b (M), and those of {@link
 * Normalization} where it normalises.
 */
public final class AffineBlockLayer extends AbstractAffineLayer {
  private Activation activation;
  private boolean normalizes;

  /** For JSON. */
  AffineBlockLayer() {}

  private AffineBlockLayer(Builder builder) {
    super(builder);
    activation = builder.activation;
    normalizes = builder.normalizes;
  }

  @Override
  public Activation activation() {
    return activation;
  }

  @Override
  public boolean normalizes() {
    return normalizes;
  }

  @Override
  protected List<?> settings() {
    return List.of(super.settings(), activation, normalizes);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractAffineLayer.Builder<Builder> {
    private Activation activation = Activation.RELU;
    private boolean normalizes;

    /** What is applied to the map; the rectifier by default. */
    public Builder activation(Activation function) {
      activation = function;
      return this;
    }

    /** Puts a batch normalisation between map and activation. */
    public Builder batchNorm(boolean wanted) {
      normalizes = wanted;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public AffineBlockLayer build() {
      return new AffineBlockLayer(this);
    }
  }
}
