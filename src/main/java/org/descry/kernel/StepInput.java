package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What joins a recurrence's input step by step, made of the state before the step: {@code a[t] +=
 * f(h[t-1])} where a is what the input gives to the preactivations.
 */
interface StepInput {
  /**
   * @param before h[t-1], N x H
   * @param a N x (G H), to which it is added
   */
  void forward(long step, INDArray before, INDArray a);

  /**
   * @param dA the gradient of a, N x (G H)
   * @param dBefore the gradient of h[t-1], to which it is added; null where nobody needs it
   */
  void backward(long step, INDArray dA, INDArray dBefore);

  /**
   * After the last step of the way back.
   *
   * @param before all h[t-1], (T N) x H
   * @param dA the gradients of all a, (T N) x (G H)
   */
  void finish(INDArray before, INDArray dA);
}
