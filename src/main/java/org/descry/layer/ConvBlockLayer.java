package org.descry.layer;

import java.util.List;
import org.descry.kernel.Activation;
import org.descry.kernel.ConvBlock;

/**
 * Convolution, batch normalisation if so wished, any {@link Activation}, and max pooling if so
 * wished, see {@link ConvBlock}. Input N x C x H x W, output N x F x OH x OW. Parameters: W (F x C
 * x HH x WW), b (F), and those of {@link Normalization} where it normalises.
 */
public final class ConvBlockLayer extends AbstractConvPoolLayer {
  private Activation activation;
  private boolean normalizes;

  /** For JSON. */
  ConvBlockLayer() {}

  private ConvBlockLayer(Builder builder) {
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
  public static final class Builder extends AbstractConvPoolLayer.Builder<Builder> {
    private Activation activation = Activation.RELU;
    private boolean normalizes;

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
      normalizes = wanted;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public ConvBlockLayer build() {
      return new ConvBlockLayer(this);
    }
  }
}
