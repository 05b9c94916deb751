package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.TemporalAffine;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The affine map at every step of a sequence, see {@link TemporalAffine}. Input N x T x D, output N
 * x T x M. Parameters: W (D x M), b (M).
 */
public final class TemporalAffineLayer extends AbstractLinearLayer {
  /** For JSON. */
  TemporalAffineLayer() {}

  private TemporalAffineLayer(Builder builder) {
    super(builder);
  }

  @Override
  protected ExplicitPass explicitPass() {
    TemporalAffine kernel = new TemporalAffine();
    return new KernelPass<>(
        in -> kernel.forward(in.x(), in.weights(), in.bias(), in.allocator()),
        TemporalAffine.Cache::out,
        (dOut, cache, to) -> kernel.backward(dOut, cache, to.weights(), to.bias(), to.allocator()));
  }

  @Override
  long width(InputType inputType) {
    return Sequences.width(inputType);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return Sequences.type(nOut(), Sequences.steps(inputType));
  }

  @Override
  SDVariable define(SDVariable input, Map<String, SDVariable> params, boolean training) {
    SameDiff sameDiff = input.getSameDiff();
    SDVariable rows = sameDiff.reshape(input, -1, nIn());
    SDVariable out = rows.mmul(params.get(WEIGHTS)).add(params.get(BIAS));
    return sameDiff.reshape(out, -1, input.placeholderShape()[1], nOut());
  }

  /** Builds the layer. */
  public static final class Builder extends AbstractLinearLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public TemporalAffineLayer build() {
      return new TemporalAffineLayer(this);
    }
  }
}
