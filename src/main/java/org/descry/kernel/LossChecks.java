package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What every {@link LossKernel} asks of its inputs. */
final class LossChecks {
  private LossChecks() {}

  static void check(String kernel, INDArray x, INDArray labels, INDArray mask) {
    Check.shape(kernel, "x", x, -1, -1);
    check(kernel, x, labels, mask, x.size(1));
  }

  /**
   * @param width of the labels, N x width
   */
  static void check(String kernel, INDArray x, INDArray labels, INDArray mask, long width) {
    Check.shape(kernel, "x", x, -1, -1);
    Check.shape(kernel, "labels", labels, x.size(0), width);
    Check.type(kernel, x, labels, mask);
    if (mask != null && mask.length() != x.size(0)) {
      Check.shape(kernel, "mask", mask, x.size(0), 1);
    }
  }

  /** The mask as N x 1. */
  static INDArray column(INDArray mask) {
    return mask.rank() == 2 ? mask : mask.reshape(mask.length(), 1);
  }
}
