package org.descry.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.LossKernel;
import org.descry.kernel.TemporalSoftmaxLoss;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Softmax and cross-entropy at every step, see {@link TemporalSoftmaxLoss}. Input N x T x V scores,
 * labels N x T words, label mask N x T. The network's output is the probabilities N x T x V. The
 * score divides by N, not by the number of words.
 */
public final class TemporalSoftmaxLossLayer extends LossLayer {
  private static final String PROBABILITIES = "probabilities";

  @Override
  LossKernel kernel() {
    return new TemporalSoftmaxLoss();
  }

  @Override
  public SDVariable defineOutput(SameDiff sameDiff, SDVariable input) {
    return sameDiff.nn().softmax(PROBABILITIES, input, 2);
  }

  @Override
  public SDVariable defineLosses(SameDiff sameDiff, SDVariable input, SDVariable labels) {
    defineOutput(sameDiff, input); // the network asks for it by name
    int vocabulary = (int) input.placeholderShape()[2];
    SDVariable oneHot =
        sameDiff.oneHot(labels.castTo(DataType.INT), vocabulary).castTo(input.dataType());
    return oneHot.mul(sameDiff.nn().logSoftmax(input)).sum(2).neg();
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return Sequences.type(Sequences.width(inputType), Sequences.steps(inputType));
  }

  @Override
  public String activationsVertexName() {
    return PROBABILITIES;
  }
}
