package org.descry.layer;

import java.util.Arrays;
import java.util.List;
import org.descry.kernel.Activation;
import org.descry.kernel.ConvBlock;
import org.descry.kernel.Window;

/**
 * Convolution, batch normalisation if so wished, any {@link Activation}, and max pooling if so
 * wished, see {@link ConvBlock}. Input N x C x H x W, output N x F x OH x OW. Parameters: W (F x C
 * x HH x WW), b (F), and those of {@link Normalization} where it normalises.
 */
public final class ConvBlockLayer extends AbstractConvLayer {
  private Activation activation;
  private boolean normalizes;
  private int[] pool;
  private int[] poolStride;

  /** For JSON. */
  ConvBlockLayer() {}

  private ConvBlockLayer(Builder builder) {
    super(builder);
    activation = builder.activation;
    normalizes = builder.normalizes;
    pool = builder.pool;
    poolStride = builder.poolStride == null ? pool : builder.poolStride;
    poolWindow();
  }

  @Override
  public Activation activation() {
    return activation;
  }

  @Override
  public boolean normalizes() {
    return normalizes;
  }

  /** The pooling's window, or null for none. */
  @Override
  public Window poolWindow() {
    return pool == null ? null : window(pool, poolStride, new int[] {0, 0});
  }

  @Override
  List<?> settings() {
    return List.of(
        super.settings(),
        activation,
        normalizes,
        Arrays.toString(pool),
        Arrays.toString(poolStride));
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvLayer.Builder<Builder> {
    private Activation activation = Activation.RELU;
    private boolean normalizes;
    private int[] pool;
    private int[] poolStride;

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

    /** Adds a max pooling with this window; none by default. */
    public Builder pool(int height, int width) {
      pool = new int[] {height, width};
      return this;
    }

    /** The pooling strides; the window's size by default. */
    public Builder poolStride(int height, int width) {
      poolStride = new int[] {height, width};
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public ConvBlockLayer build() {
      return new ConvBlockLayer(this);
    }
  }
}
