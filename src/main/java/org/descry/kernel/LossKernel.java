package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss over scores and labels, example by example.
 *
 * <p>Shapes: scores x and labels N x K; mask N x 1 with 0 where an example does not count, or null.
 * Types: all FLOAT or all DOUBLE.
 */
public interface LossKernel {
  /**
   * The losses of the single examples and what the backward pass needs; it holds until the kernel's
   * next call.
   */
  interface Cache {
    /** The loss of each example, N x 1, 0 where masked. */
    INDArray losses();

    /** The mean loss: the sum over the examples that count, divided by N (not by their number). */
    default double loss() {
      INDArray losses = losses();
      Elements each = new Elements(losses);
      double sum = 0;
      for (long i = 0; i < losses.length(); i++) {
        sum += each.get(i);
      }
      return sum / losses.length();
    }
  }

  /**
   * @throws IllegalArgumentException for shapes or types other than the interface describes
   */
  Cache forward(INDArray x, INDArray labels, INDArray mask);

  /**
   * The gradient of {@code scale} times the sum of the losses: 1/N gives the mean loss's.
   *
   * @return dX, N x K, exactly zero in masked rows
   */
  INDArray backward(Cache cache, double scale, Allocator allocator);

  /**
   * What a network with this loss answers.
   *
   * @return N x K: probabilities, or the scores where the loss knows no probabilities
   */
  INDArray output(INDArray x, Allocator allocator);
}
