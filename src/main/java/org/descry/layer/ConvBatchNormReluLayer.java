package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.engine.Allocator;
import org.descry.kernel.ConvBatchNormRelu;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution, batch normalisation and rectifier, see {@link ConvBatchNormRelu}. Input N x C x H x
 * W, output N x F x OH x OW. Parameters: W (F x C x HH x WW), b (F), gamma (F), beta (F), and the
 * running averages runningMean (F) and runningVariance (F), which no updater moves.
 */
public final class ConvBatchNormReluLayer extends AbstractConvLayer {
  /** For JSON. */
  ConvBatchNormReluLayer() {}

  private ConvBatchNormReluLayer(Builder builder) {
    super(builder);
  }

  @Override
  ExplicitPass explicitPass() {
    ConvBatchNormRelu kernel = new ConvBatchNormRelu(window());
    return new ExplicitPass() {
      private ConvBatchNormRelu.Cache cache;

      @Override
      public INDArray forward(
          INDArray x,
          INDArray mask,
          boolean training,
          Map<String, INDArray> params,
          Allocator allocator) {
        cache =
            kernel.forward(
                x,
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
        return kernel.backward(
            dOut,
            cache,
            gradients.get(WEIGHTS),
            gradients.get(BIAS),
            gradients.get(Normalization.GAMMA),
            gradients.get(Normalization.BETA),
            allocator);
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
    Normalization.define(params, filters());
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    super.initializeParameters(params);
    Normalization.initialize(params);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable convolved = convolution(sameDiff, input, params);
    return sameDiff.nn().relu(Normalization.defineTesting(convolved, params, true), 0);
  }

  @Override
  public SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable convolved = convolution(sameDiff, input, params);
    return sameDiff.nn().relu(Normalization.defineTraining(convolved, params, true), 0);
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractConvLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ConvBatchNormReluLayer build() {
      return new ConvBatchNormReluLayer(this);
    }
  }
}
