package org.descry.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.engine.Allocator;
import org.descry.kernel.ConvReluPool;
import org.descry.kernel.Window;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/**
 * Convolution, rectifier and max pooling, see {@link ConvReluPool}. Input N x C x H x W, output N x
 * F x OH x OW. Parameters: W (F x C x HH x WW), b (F).
 */
public final class ConvReluPoolLayer extends AbstractConvLayer {
  private int[] pool;
  private int[] poolStride;

  /** For JSON. */
  ConvReluPoolLayer() {}

  private ConvReluPoolLayer(Builder builder) {
    super(builder);
    pool = builder.pool;
    poolStride = builder.poolStride == null ? pool : builder.poolStride;
    poolWindow();
  }

  private Window poolWindow() {
    return window(pool, poolStride, new int[] {0, 0});
  }

  @Override
  ExplicitPass explicitPass() {
    ConvReluPool kernel = new ConvReluPool(window(), poolWindow());
    return new ExplicitPass() {
      private ConvReluPool.Cache cache;

      @Override
      public INDArray forward(
          INDArray x,
          INDArray mask,
          boolean training,
          Map<String, INDArray> params,
          Allocator allocator) {
        cache = kernel.forward(x, params.get(WEIGHTS), params.get(BIAS), allocator);
        return cache.out();
      }

      @Override
      public INDArray backward(
          INDArray dOut, Map<String, INDArray> gradients, Allocator allocator) {
        return kernel.backward(dOut, cache, gradients.get(WEIGHTS), gradients.get(BIAS), allocator);
      }
    };
  }

  @Override
  List<?> settings() {
    List<Object> settings = new ArrayList<>(super.settings());
    settings.add(Arrays.toString(pool));
    settings.add(Arrays.toString(poolStride));
    return settings;
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputType.InputTypeConvolutional convolved =
        pictures(getLayerName(), super.getOutputType(layerIndex, inputType));
    Window window = poolWindow();
    return InputType.convolutional(
        window.outHeight(convolved.getHeight()), window.outWidth(convolved.getWidth()), filters());
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    Pooling2DConfig config =
        Pooling2DConfig.builder()
            .kH(pool[0])
            .kW(pool[1])
            .sH(poolStride[0])
            .sW(poolStride[1])
            .dH(1)
            .dW(1)
            .isNHWC(false)
            .paddingMode(PaddingMode.VALID)
            .build();
    return sameDiff.cnn().maxPooling2d(super.defineLayer(sameDiff, input, params, mask), config);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvLayer.Builder<Builder> {
    private int[] pool = {2, 2};
    private int[] poolStride;

    /** The pooling window's height and width; 2 x 2 by default. */
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
    public ConvReluPoolLayer build() {
      return new ConvReluPoolLayer(this);
    }
  }
}
