package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.AffineBlock;
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
  final long width(InputType inputType) {
    return inputType.arrayElementsPerExample();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(nOut());
  }

  @Override
  final SDVariable define(SDVariable input, Map<String, SDVariable> params, boolean training) {
    SameDiff sameDiff = input.getSameDiff();
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
