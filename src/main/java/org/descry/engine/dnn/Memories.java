package org.descry.engine.dnn;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How arrays lie in memory. */
public final class Memories {
  private Memories() {}

  /** Whether two arrays have one shape and one order of elements, without gaps. */
  static boolean alike(INDArray one, INDArray other) {
    return Arrays.equals(one.shape(), other.shape())
        && (rowMajor(one) && rowMajor(other)
            || Arrays.equals(one.stride(), other.stride()) && dense(one));
  }

  /** Whether memory holds the elements in row-major order without gaps. */
  public static boolean rowMajor(INDArray array) {
    long expected = 1;
    for (int i = array.rank() - 1; i >= 0; i--) {
      if (array.size(i) != 1) {
        if (array.stride(i) != expected) {
          return false;
        }
        expected *= array.size(i);
      }
    }
    return true;
  }

  /** Whether the elements fill a stretch of memory, in whatever order. */
  private static boolean dense(INDArray array) {
    long last = 0;
    for (int i = 0; i < array.rank(); i++) {
      last += (array.size(i) - 1) * array.stride(i);
    }
    return last + 1 == array.length();
  }

  /** N x C x H x W over channels-last memory without gaps. */
  public static boolean channelsLast(INDArray array) {
    long c = array.size(1);
    long h = array.size(2);
    long w = array.size(3);
    return lies(array, 1, c, 1)
        && lies(array, 3, w, c)
        && lies(array, 2, h, w * c)
        && lies(array, 0, array.size(0), h * w * c);
  }

  private static boolean lies(INDArray array, int dimension, long size, long stride) {
    return size == 1 || array.stride(dimension) == stride;
  }
}
