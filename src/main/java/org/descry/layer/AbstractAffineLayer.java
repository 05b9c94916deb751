package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.Activation;
import org.descry.kernel.AffineBlock;
import org.descry.kernel.BatchNorm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the affine layers share: parameters W (D x M) and b (M), input N x D or images N x C x H x
 * W.
 *
 * <p>Images are read channels-last, so that row (h W + w) C + c of the weights belongs to channel c
 * at (h, w): that is the order in which the convolutions leave them, and flattening costs nothing.
 */
abstract class AbstractAffineLayer extends AbstractLinearLayer {
  AbstractAffineLayer() {}

  AbstractAffineLayer(Builder<?> builder) {
    super(builder);
  }

  /** What is applied to the affine map: the rectifier, unless a layer says otherwise. */
  Activation activation() {
    return Activation.RELU;
  }

  /** Whether a batch normalisation stands between map and activation. */
  public boolean normalizes() {
    return false;
  }

  /** The batch normalisation's constants, where there is one. */
  public BatchNorm.Rates rates() {
    return BatchNorm.Rates.USUAL;
  }

  @Override
  protected final ExplicitPass explicitPass() {
    AffineBlock kernel = new AffineBlock(normalizes() ? rates() : null, activation());
    return new KernelPass<>(
        in -> kernel.forward(channelsLast(in.x()), in.block(), in.training(), in.allocator()),
        AffineBlock.Cache::out,
        (dOut, cache, to) -> {
          if (normalizes()) {
            kernel.updateRunning(cache);
            Normalization.clearStateGradients(to.views());
          }
          INDArray dX = kernel.backward(dOut, cache, to.block(), to.allocator());
          return dX != null && dX.rank() == 4 ? dX.permute(0, 3, 1, 2) : dX;
        });
  }

  private static INDArray channelsLast(INDArray x) {
    return x.rank() == 4 ? x.permute(0, 2, 3, 1) : x;
  }

  @Override
  public final List<String> state() {
    return normalizes() ? Normalization.STATE : List.of();
  }

  @Override
  final long width(InputType inputType) {
    return inputType.arrayElementsPerExample();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(nOut());
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    super.defineParameters(params);
    if (normalizes()) {
      Normalization.define(params, nOut());
    }
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    super.initializeParameters(params);
    if (normalizes()) {
      Normalization.initialize(params);
    }
  }

  @Override
  public final SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return define(sameDiff, input, params, false);
  }

  @Override
  public final SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return define(sameDiff, input, params, true);
  }

  private SDVariable define(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, boolean training) {
    SDVariable rows = input;
    if (input.placeholderShape() != null && input.placeholderShape().length == 4) {
      rows = sameDiff.reshape(sameDiff.permute(input, 0, 2, 3, 1), -1, nIn());
    }
    SDVariable map = rows.mmul(params.get(WEIGHTS)).add(params.get(BIAS));
    return activation()
        .define(normalizes() ? Normalization.define(map, params, rates(), false, training) : map);
  }

  /** Settings of the affine layers. */
  public abstract static class Builder<T extends Builder<T>>
      extends AbstractLinearLayer.Builder<T> {}
}
