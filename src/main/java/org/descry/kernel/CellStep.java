package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step of a recurrent cell from the product of its input, without a way back: what decoding
 * repeats word by word. With G and S as in {@link RnnCell}; not thread-safe.
 */
@FunctionalInterface
public interface CellStep {
  /**
   * @param a {@code x Wx + b}, N x (G H) in row-major memory; overwritten
   * @param wH H x (G H)
   * @param before the state, S arrays N x H in row-major memory
   * @param after where the next state goes: S other arrays of the same shape
   */
  void run(INDArray a, INDArray wH, INDArray[] before, INDArray[] after);
}
