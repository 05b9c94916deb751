package org.descry.layer;

import java.util.List;
import org.descry.kernel.Activation;
import org.descry.kernel.AffineBlock;
import org.descry.kernel.BatchNorm;

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
  private double epsilon = BatchNorm.EPSILON;
  private double momentum = BatchNorm.MOMENTUM;

  /** For JSON. */
  AffineBlockLayer() {}

  private AffineBlockLayer(Builder builder) {
    super(builder);
    activation = builder.activation;
    normalizes = builder.rates != null;
    if (normalizes) {
      epsilon = builder.rates.epsilon();
      momentum = builder.rates.momentum();
    }
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
  public BatchNorm.Rates rates() {
    return new BatchNorm.Rates(epsilon, momentum);
  }

  @Override
  protected List<?> settings() {
    return List.of(super.settings(), activation, normalizes, epsilon, momentum);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractAffineLayer.Builder<Builder> {
    private Activation activation = Activation.RELU;
    private BatchNorm.Rates rates;

    /** What is applied to the map; the rectifier by default. */
    public Builder activation(Activation function) {
      activation = function;
      return this;
    }

    /** Puts a batch normalisation between map and activation. */
    public Builder batchNorm(boolean wanted) {
      return batchNorm(wanted ? BatchNorm.Rates.USUAL : null);
    }

    /** Puts a batch normalisation with these constants there; null for none. */
    public Builder batchNorm(BatchNorm.Rates constants) {
      rates = constants;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public AffineBlockLayer build() {
      return new AffineBlockLayer(this);
    }
  }
}
