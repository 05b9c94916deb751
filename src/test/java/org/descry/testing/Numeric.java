package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gradients by central differences, {@code (f(x+h) - f(x-h)) / 2h}, taken at two step sizes and
 * extrapolated to zero step (Richardson), which leaves rounding as the only error worth mentioning.
 *
 * <p>At or near a kink (ReLU at 0, a tie in a max-pool window) a difference quotient says nothing
 * about the derivative. Such elements are recognised by how the quotients change with the step and
 * are left out of comparisons.
 */
public final class Numeric {
  private static final double STEP = 1e-4;
  // Below this an estimate is rounding: f of order 100 times 1e-16, divided by the step.
  private static final double FLOOR = 1e-4;
  private static final double KINK = 1e-6;

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
      double plus = at(x, index, STEP, f);
      double minus = at(x, index, -STEP, f);
      double halfPlus = at(x, index, STEP / 2, f);
      double halfMinus = at(x, index, -STEP / 2, f);
      double wide = (plus - minus) / (2 * STEP);
      double narrow = (halfPlus - halfMinus) / STEP;
      value.setFlat((4 * narrow - wide) / 3, i);
      // One-sided slopes: their difference halves with the step where f is smooth.
      double wideBend = (plus - 2 * centre + minus) / STEP;
      double narrowBend = (halfPlus - 2 * centre + halfMinus) / (STEP / 2);
      kinks[i] =
          Math.abs(wide - narrow) > KINK * (1 + Math.abs(wide))
              || (Math.abs(wideBend) > KINK * (1 + Math.abs(wide))
                  && Math.abs(narrowBend) > 0.75 * Math.abs(wideBend));
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

  private static double at(INDArray x, long[] index, double step, DoubleSupplier f) {
    double value = x.getDouble(index);
    x.putScalar(index, value + step);
    double result = f.getAsDouble();
    x.putScalar(index, value);
    return result;
  }
}
