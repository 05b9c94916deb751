package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.descry.gradcheck.CentralDifferences;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gradients by {@link CentralDifferences}, element by element; elements at or near a kink are left
 * out of comparisons.
 */
public final class Numeric {
  // Below this an estimate is rounding: f of order 100 times 1e-16, divided by the step.
  private static final double FLOOR = 1e-4;

  private Numeric() {}

  /**
   * An estimated gradient.
   *
   * @param value the estimates, float64, in the shape of x
   * @param kinks which elements, in row-major order, lie at or near a kink
   */
  public record Gradient(INDArray value, boolean[] kinks) {
    /** How many elements lie at or near a kink. */
    public int kinkCount() {
      int count = 0;
      for (boolean kink : kinks) {
        count += kink ? 1 : 0;
      }
      return count;
    }

    /** The largest relative error of an array against this estimate, kinks left out. */
    public double relativeError(INDArray other) {
      Tensor estimate = Tensor.of(value);
      Tensor claimed = Tensor.of(other);
      claimed.requireShape(estimate.shape());
      double worst = 0;
      for (int i = 0; i < estimate.length(); i++) {
        if (!kinks[i]) {
          double error = Vectors.relativeError(claimed.flat(i), estimate.flat(i), FLOOR);
          worst = Math.max(worst, Double.isNaN(error) ? Double.POSITIVE_INFINITY : error);
        }
      }
      return worst;
    }
  }

  /** Memory for a gradient that shows where a backward pass did not write. */
  public static INDArray unset(INDArray like) {
    return Nd4j.create(like.dataType(), like.shape()).assign(Double.NaN);
  }

  /**
   * Estimates the gradient of f with respect to x.
   *
   * @param x float64, any layout; its elements are changed one at a time and put back
   * @param f the scalar function, which reads x
   */
  public static Gradient gradient(INDArray x, DoubleSupplier f) {
    if (x.dataType() != DataType.DOUBLE) {
      throw new IllegalArgumentException("expected float64, got: " + x.dataType());
    }
    Tensor value = new Tensor(Arrays.stream(x.shape()).mapToInt(Math::toIntExact).toArray());
    boolean[] kinks = new boolean[value.length()];
    double centre = f.getAsDouble();
    long[] index = new long[x.rank()];
    for (int i = 0; i < value.length(); i++) {
      double start = x.getDouble(index);
      CentralDifferences.Estimate estimate =
          CentralDifferences.derivative(
              way -> {
                x.putScalar(index, start + way);
                return f.getAsDouble();
              },
              centre,
              CentralDifferences.STEP);
      x.putScalar(index, start);
      value.setFlat(estimate.value(), i);
      kinks[i] = estimate.kink();
      Tensor.next(index, x.shape());
    }
    return new Gradient(value.toArray(), kinks);
  }

  /**
   * Asserts that a claimed gradient of f with respect to x agrees with central differences, and
   * that at most a tenth of the elements had to be left out as kinks.
   */
  public static void assertGradient(
      String name, INDArray claimed, INDArray x, DoubleSupplier f, double tolerance) {
    Gradient estimate = gradient(x, f);
    assertThat(estimate.kinkCount())
        .as("elements of %s next to a kink", name)
        .isLessThanOrEqualTo(estimate.kinks().length / 10);
    assertThat(estimate.relativeError(claimed))
        .as("relative error of %s against central differences", name)
        .isLessThan(tolerance);
  }

  /**
   * Asserts that a claimed gradient of f with respect to x agrees with central differences in every
   * element. For functions without kinks alone: what looks like one there is a strong curvature,
   * which the extrapolation to step zero copes with.
   */
  public static void assertSmoothGradient(
      String name, INDArray claimed, INDArray x, DoubleSupplier f, double tolerance) {
    INDArray estimate = gradient(x, f).value;
    assertThat(new Gradient(estimate, new boolean[(int) x.length()]).relativeError(claimed))
        .as("relative error of %s against central differences", name)
        .isLessThan(tolerance);
  }

  /** The scalar sum(a * b), whose gradient with respect to a function's output a is b. */
  public static double dot(INDArray a, INDArray b) {
    Tensor left = Tensor.of(a);
    Tensor right = Tensor.of(b);
    right.requireShape(left.shape());
    double sum = 0;
    for (int i = 0; i < left.length(); i++) {
      sum += left.flat(i) * right.flat(i);
    }
    return sum;
  }
}
