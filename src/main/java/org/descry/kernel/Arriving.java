package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The gradient that arrives at the states of a recurrence, before any flows back through time. */
final class Arriving {
  private Arriving() {}

  /**
   * Fills the buffer of the states' gradients, T x N x H. The last state is the output of its step,
   * so that both gradients meet there.
   *
   * @param kernel whose messages these are
   * @param dOut N x T x H, or null for zeros
   * @param dLast the gradient of the state after the last step in reading order, N x H, or null for
   *     zeros
   * @param out whose gradient dOut is
   */
  static void fill(
      Steps buffer, String kernel, INDArray dOut, INDArray dLast, INDArray out, boolean reversed) {
    long n = out.size(0);
    long t = out.size(1);
    INDArray all = buffer.buffer(out.dataType(), t, n, out.size(2));
    if (dOut == null) {
      all.assign(0);
    } else {
      Check.shape(kernel, "dOut", dOut, out.shape());
      all.assign(dOut.permute(1, 0, 2));
    }
    if (dLast != null) {
      Check.shape(kernel, "dLast", dLast, n, out.size(2));
      buffer.step(reversed ? 0 : t - 1).addi(dLast);
    }
  }
}
