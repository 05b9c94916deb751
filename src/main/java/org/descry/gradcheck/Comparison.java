package org.descry.gradcheck;

import java.util.Arrays;
import java.util.List;

/**
 * Where two gradients differ most.
 *
 * @param error the largest {@code |a - b| / max(floor, |a| + |b|)}; infinite if a number is missing
 * @param index of that element; empty where the comparison is along a direction through all
 * @param explicit the explicit gradient there
 * @param other what it was compared with
 */
public record Comparison(double error, List<Long> index, double explicit, double other) {
  /** The largest relative error that counts as agreement. */
  public static final double TOLERANCE = 1e-6;

  /**
   * Of autodiff's size-1 gradients: below it a number is what the order of summation leaves of a
   * zero, as in the gradient of a bias under batch norm.
   */
  private static final double FLOOR = 1e-6;

  static Comparison of(List<Long> index, double explicit, double other, double floor) {
    double error =
        Math.abs(explicit - other) / Math.max(floor, Math.abs(explicit) + Math.abs(other));
    return new Comparison(
        Double.isNaN(error) ? Double.POSITIVE_INFINITY : error, index, explicit, other);
  }

  /** Element by element; an error of infinity if the lengths differ. */
  static Comparison of(long[] shape, double[] explicit, double[] other) {
    if (explicit.length != other.length) {
      return new Comparison(Double.POSITIVE_INFINITY, List.of(), explicit.length, other.length);
    }
    double floor = Math.max(FLOOR, FLOOR * Arrays.stream(explicit).map(Math::abs).max().orElse(0));
    Comparison worst = null;
    for (int i = 0; i < explicit.length; i++) {
      Comparison here = of(List.of((long) i), explicit[i], other[i], floor);
      worst = worst == null ? here : worst.worse(here);
    }
    return new Comparison(
        worst.error, index(shape, worst.index.get(0)), worst.explicit, worst.other);
  }

  /** The multi-dimensional index of a place in row-major order. */
  static List<Long> index(long[] shape, long place) {
    Long[] index = new Long[shape.length];
    long rest = place;
    for (int d = shape.length - 1; d >= 0; d--) {
      index[d] = rest % shape[d];
      rest /= shape[d];
    }
    return List.of(index);
  }

  Comparison worse(Comparison other) {
    return other.error > error ? other : this;
  }

  /** Whether the two agree. */
  public boolean agrees() {
    return error < TOLERANCE;
  }
}
