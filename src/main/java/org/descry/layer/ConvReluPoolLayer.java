package org.descry.layer;

import java.util.Map;
import org.descry.engine.Allocator;
import org.descry.kernel.ConvReluPool;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution, rectifier and max pooling, see {@link ConvReluPool}. Input N x C x H x W, output N x
 * F x OH x OW. Parameters: W (F x C x HH x WW), b (F).
 */
public final class ConvReluPoolLayer extends AbstractConvPoolLayer {
  /** For JSON. */
  ConvReluPoolLayer() {}

  private ConvReluPoolLayer(Builder builder) {
    super(builder);
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
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return pooling(sameDiff, super.defineLayer(sameDiff, input, params, mask));
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvPoolLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvReluPoolLayer build() {
      return new ConvReluPoolLayer(this);
    }
  }
}
