package org.descry.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.LossKernel;
import org.descry.kernel.MeanLoss;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The mean of what comes in, N x K, as the loss, see {@link MeanLoss}. The output is N x 1. */
public final class MeanLossLayer extends LossLayer {
  private static final String MEANS = "means";

  @Override
  LossKernel kernel() {
    return new MeanLoss();
  }

  @Override
  public SDVariable defineOutput(SameDiff sameDiff, SDVariable input) {
    return input.mean(MEANS, true, 1);
  }

  @Override
  public SDVariable defineLosses(SameDiff sameDiff, SDVariable input, SDVariable labels) {
    defineOutput(sameDiff, input); // the network asks for it by name
    return input.mean(1);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(1);
  }

  @Override
  public String activationsVertexName() {
    return MEANS;
  }
}
