package org.descry.layer;

import org.descry.kernel.LossKernel;
import org.descry.kernel.SoftmaxLoss;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Softmax and cross-entropy over scores N x K and labels N x K (one-hot or smoothed), see {@link
 * SoftmaxLoss}. The network's output is the probabilities.
 */
public final class SoftmaxLossLayer extends LossLayer {
  private static final String PROBABILITIES = "probabilities";

  @Override
  LossKernel kernel() {
    return new SoftmaxLoss();
  }

  @Override
  public SDVariable defineOutput(SameDiff sameDiff, SDVariable input) {
    return sameDiff.nn().softmax(PROBABILITIES, input, 1);
  }

  @Override
  public SDVariable defineLosses(SameDiff sameDiff, SDVariable input, SDVariable labels) {
    defineOutput(sameDiff, input); // the network asks for it by name
    return labels.mul(sameDiff.nn().logSoftmax(input)).sum(1).neg();
  }

  @Override
  public String activationsVertexName() {
    return PROBABILITIES;
  }
}
