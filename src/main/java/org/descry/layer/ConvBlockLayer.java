package org.descry.layer;

import java.util.List;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.descry.kernel.ConvBlock;

/**
 * Convolution, batch normalisation if so wished, any {@link Activation}, and max pooling if so
 * wished, see {@link ConvBlock}. Input N x C x H x W, output N x F x OH x OW. Parameters: W (F x C
 * x HH x WW), b (F), and those of {@link Normalization} where it normalises.
 */
public final class ConvBlockLayer extends AbstractConvPoolLayer {
  private Activation activation;
  private boolean normalizes;
  private double epsilon = BatchNorm.EPSILON;
  private double momentum = BatchNorm.MOMENTUM;
  private boolean poolsEarly;

  /** For JSON. */
  ConvBlockLayer() {}

  private ConvBlockLayer(Builder builder) {
    super(builder);
    activation = builder.activation;
    normalizes = builder.rates != null;
    if (normalizes) {
      epsilon = builder.rates.epsilon();
      momentum = builder.rates.momentum();
    }
    poolsEarly = builder.poolsEarly;
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
  public boolean poolsEarly() {
    return poolsEarly;
  }

  @Override
  protected List<?> settings() {
    return List.of(super.settings(), activation, normalizes, epsilon, momentum, poolsEarly);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvPoolLayer.Builder<Builder> {
    private Activation activation = Activation.RELU;
    private BatchNorm.Rates rates;
    private boolean poolsEarly;

    public Builder() {
      withoutPool(); // none by default
    }

    /** What is applied to the convolution; the rectifier by default. */
    public Builder activation(Activation function) {
      activation = function;
      return this;
    }

    /** Puts a batch normalisation between convolution and activation. */
    public Builder batchNorm(boolean wanted) {
      return batchNorm(wanted ? BatchNorm.Rates.USUAL : null);
    }

    /** Puts a batch normalisation with these constants there; null for none. */
    public Builder batchNorm(BatchNorm.Rates constants) {
      rates = constants;
      return this;
    }

    /** Whether the pooling stands right after the convolution, not last; false by default. */
    public Builder poolsEarly(boolean wanted) {
      poolsEarly = wanted;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public ConvBlockLayer build() {
      return new ConvBlockLayer(this);
    }
  }
}
