package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.LastStep;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The last step of each sequence that the features' mask keeps, see {@link LastStep}. Input N x T x
 * D, output N x D, which no mask belongs to. Of a network that reads in both directions its
 * reversed half has seen that step alone: {@link RnnVertex.Readout#FINAL_STATE} has seen all.
 */
public final class LastStepLayer extends ExplicitLayer {
  /** For JSON. */
  LastStepLayer() {}

  private LastStepLayer(Builder builder) {
    super(builder);
  }

  @Override
  protected ExplicitPass explicitPass() {
    LastStep kernel = new LastStep();
    return KernelPass.ofInput(
            in -> kernel.forward(in.x(), in.mask(), in.allocator()),
            LastStep.Cache::out,
            kernel::backward)
        .ofWholeBatch();
  }

  @Override
  public INDArray onesMaskForInput(INDArray input) {
    return Nd4j.ones(input.dataType(), input.size(0), input.size(1));
  }

  @Override
  boolean passesMask() {
    return false;
  }

  @Override
  public void applyGlobalConfigToLayer(NeuralNetConfiguration.Builder global) {
    // There are no weights to initialise.
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(Sequences.width(inputType));
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    long steps = input.placeholderShape()[1];
    long width = input.placeholderShape()[2];
    if (mask == null) {
      return step(sameDiff, input, steps - 1, width);
    }
    SDVariable sum = null;
    SDVariable rest = null;
    for (long t = steps - 1; t >= 0; t--) {
      SDVariable kept = step(sameDiff, mask, t, 1);
      SDVariable weight = rest == null ? kept : kept.mul(rest);
      SDVariable part = step(sameDiff, input, t, width).mul(weight);
      sum = sum == null ? part : sum.add(part);
      SDVariable others = kept.mul(-1).add(1);
      rest = rest == null ? others : rest.mul(others);
    }
    return sum;
  }

  private static SDVariable step(SameDiff sameDiff, SDVariable sequence, long t, long width) {
    return sameDiff.reshape(sequence.get(SDIndex.all(), SDIndex.interval(t, t + 1)), -1, width);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public LastStepLayer build() {
      return new LastStepLayer(this);
    }
  }
}
