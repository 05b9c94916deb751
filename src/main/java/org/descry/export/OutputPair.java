package org.descry.export;

import java.util.Arrays;
import org.descry.DescryException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One output of the original and of its export for the same input.
 *
 * @param output what is compared, for messages
 * @param expected the original's
 * @param found the export's, in the same shape
 */
record OutputPair(String output, INDArray expected, INDArray found) {
  /**
   * How far two answers may be apart. Where answers are larger than 1, as scores are, it is a share
   * of the largest one: float32 holds no more.
   */
  static final double TOLERANCE = 1e-5;

  /** The number of values compared. */
  long values() {
    return expected.length();
  }

  /**
   * The largest difference, as a share of the largest expected value where that is above 1.
   *
   * @throws DescryException if it is above {@link #TOLERANCE}, or a value is not finite
   */
  double check() {
    if (!Arrays.equals(expected.shape(), found.shape())) {
      throw new DescryException(
          "The export's output \"%s\" has the shape %s; expected the original's: %s."
              .formatted(
                  output, Arrays.toString(found.shape()), Arrays.toString(expected.shape())));
    }
    double[] wanted = expected.dup('c').data().asDouble();
    double[] got = found.dup('c').data().asDouble();
    double scale = Math.max(1, Arrays.stream(wanted).map(Math::abs).max().orElse(0));
    double largest = 0;
    for (int i = 0; i < wanted.length; i++) {
      double difference = Math.abs(wanted[i] - got[i]) / scale;
      if (!(difference <= TOLERANCE)) {
        throw new DescryException(
            "The export's output \"%s\" differs from the original's at %s: %s instead of %s; expected a difference of at most %s."
                .formatted(
                    output,
                    Arrays.toString(index(i, expected.shape())),
                    got[i],
                    wanted[i],
                    TOLERANCE * scale));
      }
      largest = Math.max(largest, difference);
    }
    return largest;
  }

  private static long[] index(long flat, long[] shape) {
    long[] index = new long[shape.length];
    long rest = flat;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return index;
  }
}
