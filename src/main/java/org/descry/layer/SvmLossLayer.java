package org.descry.layer;

import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.descry.kernel.LossKernel;
import org.descry.kernel.SvmLoss;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The multiclass hinge loss over scores N x K and one-hot labels N x K, see {@link SvmLoss}. The
 * network's output is the scores.
 */
public final class SvmLossLayer extends LossLayer {
  @Override
  LossKernel kernel() {
    return new SvmLoss();
  }

  @Override
  public SDVariable defineOutput(SameDiff sameDiff, SDVariable input) {
    return input;
  }

  @Override
  public SDVariable defineLosses(SameDiff sameDiff, SDVariable input, SDVariable labels) {
    SDVariable right = input.mul(labels).sum(true, 1);
    return sameDiff.nn().relu(input.sub(right).add(1).sub(labels), 0).sum(1);
  }

  @Override
  public String activationsVertexName() {
    return SameDiffLayer.INPUT_KEY;
  }
}
