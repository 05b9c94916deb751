package org.descry.testing;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Seeded arrays for tests, of float64 where no type is named: the same seed and the same calls give
 * the same arrays.
 */
public final class RandomArrays {
  private final Random random;

  public RandomArrays(long seed) {
    this.random = new Random(seed);
  }

  /** Standard normal values. */
  public INDArray normal(long... shape) {
    return fill(random::nextGaussian, shape);
  }

  /** Standard normal values in float32. */
  public INDArray floats(long... shape) {
    return normal(shape).castTo(DataType.FLOAT);
  }

  /**
   * Values of mean zero of which no two are closer than 0.02 and none is closer to zero than 0.01:
   * no ties, and no kink within the step of a central difference.
   */
  public INDArray distinct(long... shape) {
    int length = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = 0.02 * (i - length / 2) + 0.01;
      int other = random.nextInt(i + 1);
      double swapped = values[other];
      values[other] = values[i];
      values[i] = swapped;
    }
    int[] next = {0};
    return fill(() -> values[next[0]++], shape);
  }

  /** Values from -1, 0 and 1: ties everywhere, and many elements exactly at the kink of a ReLU. */
  public INDArray ties(long... shape) {
    return fill(() -> random.nextInt(3) - 1, shape);
  }

  /** Whole numbers from 0 to below the bound: tokens or class indices. */
  public INDArray integers(int bound, long... shape) {
    return fill(() -> random.nextInt(bound), shape);
  }

  /** Zeros and ones of equal chance, the first element always 1. */
  public INDArray mask(long... shape) {
    INDArray mask = integers(2, shape);
    mask.putScalar(new long[shape.length], 1);
    return mask;
  }

  /** A row of ones and then zeros for each of n sequences, at least one 1: ragged lengths. */
  public INDArray raggedMask(int n, int steps) {
    Tensor mask = new Tensor(n, steps);
    for (int i = 0; i < n; i++) {
      int length = 1 + random.nextInt(steps);
      for (int t = 0; t < length; t++) {
        mask.set(1, i, t);
      }
    }
    return mask.toArray();
  }

  /** One-hot rows in the last dimension. */
  public INDArray oneHot(long... shape) {
    return rows(
        shape,
        classes -> {
          double[] row = new double[classes];
          row[random.nextInt(classes)] = 1;
          return row;
        });
  }

  /** Rows of positive numbers that add up to 1 in the last dimension. */
  public INDArray probabilities(long... shape) {
    return rows(
        shape,
        classes -> {
          double[] row = random.doubles(classes, 0.1, 1).toArray();
          double sum = Arrays.stream(row).sum();
          return Arrays.stream(row).map(v -> v / sum).toArray();
        });
  }

  private interface Row {
    double[] of(int classes);
  }

  private static INDArray rows(long[] shape, Row row) {
    int classes = (int) shape[shape.length - 1];
    Tensor out = new Tensor(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
    for (int start = 0; start < out.length(); start += classes) {
      double[] values = row.of(classes);
      for (int k = 0; k < classes; k++) {
        out.setFlat(values[k], start + k);
      }
    }
    return out.toArray();
  }

  private static INDArray fill(DoubleSupplier values, long... shape) {
    Tensor out = new Tensor(Arrays.stream(shape).mapToInt(Math::toIntExact).toArray());
    for (int i = 0; i < out.length(); i++) {
      out.setFlat(values.getAsDouble(), i);
    }
    return out.toArray().castTo(DataType.DOUBLE);
  }
}
