package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.engine.Allocator;
import org.descry.kernel.AffineBatchNormRelu;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The affine map, batch normalisation and the rectifier, see {@link AffineBatchNormRelu}.
 *
 * <p>Input N x D, or pictures N x C x H x W, which are read channels-last: row (h W + w) C + c of W
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
  ExplicitPass explicitPass() {
    AffineBatchNormRelu kernel = new AffineBatchNormRelu();
    return new ExplicitPass() {
      private AffineBatchNormRelu.Cache cache;
      private boolean pictures;

      @Override
      public INDArray forward(
          INDArray x,
          INDArray mask,
          boolean training,
          Map<String, INDArray> params,
          Allocator allocator) {
        pictures = x.rank() == 4;
        cache =
            kernel.forward(
                pictures ? x.permute(0, 2, 3, 1) : x,
                params.get(WEIGHTS),
                params.get(BIAS),
                Normalization.parameters(params),
                training,
                allocator);
        return cache.out();
      }

      @Override
      public INDArray backward(
          INDArray dOut, Map<String, INDArray> gradients, Allocator allocator) {
        kernel.updateRunning(cache);
        Normalization.clearStateGradients(gradients);
        INDArray dX =
            kernel.backward(
                dOut,
                cache,
                gradients.get(WEIGHTS),
                gradients.get(BIAS),
                gradients.get(Normalization.GAMMA),
                gradients.get(Normalization.BETA),
                allocator);
        return pictures && dX != null ? dX.permute(0, 3, 1, 2) : dX;
      }
    };
  }

  @Override
  public List<String> state() {
    return Normalization.STATE;
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    super.defineParameters(params);
    Normalization.define(params, nOut());
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    super.initializeParameters(params);
    Normalization.initialize(params);
  }

  @Override
  SDVariable activation(SameDiff sameDiff, SDVariable normed) {
    return sameDiff.nn().relu(normed, 0);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable affine = affine(sameDiff, input, params);
    return activation(sameDiff, Normalization.defineTesting(affine, params, false));
  }

  @Override
  public SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable affine = affine(sameDiff, input, params);
    return activation(sameDiff, Normalization.defineTraining(affine, params, false));
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
