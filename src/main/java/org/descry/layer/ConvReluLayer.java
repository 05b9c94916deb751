package org.descry.layer;

import java.util.Map;
import org.descry.engine.Allocator;
import org.descry.kernel.Conv2d;
import org.descry.kernel.ConvRelu;
import org.nd4j.linalg.api.ndarray.INDArray;

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

  @Override
  ExplicitPass explicitPass() {
    ConvRelu kernel = new ConvRelu(window());
    return new ExplicitPass() {
      private Conv2d.Cache cache;

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

  /** Builds the layer. */
  public static final class Builder extends AbstractConvLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvReluLayer build() {
      return new ConvReluLayer(this);
    }
  }
}
