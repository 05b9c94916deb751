package org.descry.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Shape and type checks on entry of a kernel; -1 stands for any size. */
final class Check {
  private static final long ANY = -1;

  private Check() {}

  static void shape(String kernel, String name, INDArray array, long... expected) {
    long[] got = array.shape();
    boolean same = got.length == expected.length;
    for (int i = 0; same && i < got.length; i++) {
      same = expected[i] == ANY || expected[i] == got[i];
    }
    if (!same) {
      throw new IllegalArgumentException(
          "%s: expected %s of shape %s, got %s"
              .formatted(
                  kernel,
                  name,
                  Arrays.toString(expected).replace("-1", "*"),
                  Arrays.toString(got)));
    }
  }

  static void rankAtLeast(String kernel, String name, INDArray array, int rank) {
    if (array.rank() < rank) {
      throw new IllegalArgumentException(
          "%s: expected %s of rank %s or more, got shape %s"
              .formatted(kernel, name, rank, Arrays.toString(array.shape())));
    }
  }

  /** The number of steps that gradients flow back through, or 0 for all. */
  static void truncation(String kernel, int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException(
          "%s: expected a truncation of at least 0, got %s".formatted(kernel, steps));
    }
  }

  /** All arrays (null entries apart) are FLOAT, or all are DOUBLE. */
  static void type(String kernel, INDArray... arrays) {
    DataType type = arrays[0].dataType();
    for (INDArray array : arrays) {
      if (array != null
          && (array.dataType() != type || (type != DataType.FLOAT && type != DataType.DOUBLE))) {
        throw new IllegalArgumentException(
            "%s: expected all arrays FLOAT or all DOUBLE, got %s and %s"
                .formatted(kernel, type, array.dataType()));
      }
    }
  }
}
