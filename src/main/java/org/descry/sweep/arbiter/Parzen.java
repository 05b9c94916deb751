package org.descry.sweep.arbiter;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.util.FastMath;
import org.descry.sweep.space.Axis;

/**
 * A density over some settings, estimated from points: the mean of a kernel about each point and of
 * a wide one over the whole space. A kernel is a product over the settings of a normal density cut
 * to [0, 1], or, for a choice, of a distribution that favours the point's value; a setting that the
 * point lacks is spread evenly.
 */
final class Parzen {
  private static final double SQRT2 = Math.sqrt(2);

  /** Width of the kernels of a single point, after Scott's rule. */
  private static final double WIDTH = 0.2;

  private static final double FINEST = 100;

  private final List<Axis> axes;
  private final int[] which;
  private final double[][] points;
  private final double[] widths;

  /**
   * @param axes of all settings
   * @param which of them the density is over
   * @param points a number from 0 to 1 for each of the axes; NaN for a setting that is absent
   */
  Parzen(List<Axis> axes, int[] which, List<double[]> points) {
    this.axes = axes;
    this.which = which;
    this.points = points.toArray(double[][]::new);
    int n = Math.max(1, this.points.length);
    double width = WIDTH * Math.pow(n, -1.0 / (which.length + 4));
    widths = new double[this.points.length + 1];
    Arrays.fill(widths, Math.max(width, 1 / Math.min(FINEST, 1.0 + n)));
    widths[this.points.length] = 1; // the wide one
  }

  /** Sets the density's settings in a point to a draw from it. */
  void draw(double[] point, SplittableRandom random) {
    int kernel = random.nextInt(widths.length);
    for (int axis : which) {
      double at = centre(kernel, axis);
      double share = random.nextDouble();
      if (!axes.get(axis).isScale()) {
        point[axis] = drawChoice(axis, at, share, random);
      } else if (Double.isNaN(at)) {
        point[axis] = share;
      } else {
        double width = widths[kernel];
        double from = cumulative(-at / width);
        double to = cumulative((1 - at) / width);
        double drawn = at + width * SQRT2 * Erf.erfInv(2 * (from + share * (to - from)) - 1);
        point[axis] = Math.min(Math.nextDown(1.0), Math.max(0, drawn));
      }
    }
  }

  private double drawChoice(int axis, double at, double share, SplittableRandom random) {
    int values = (int) axes.get(axis).size();
    boolean even = Double.isNaN(at) || share >= 1 / (1 + values * smoothing());
    return even ? random.nextDouble() : at;
  }

  /** What each value of a choice has in a kernel, where the point's own has 1 more. */
  private double smoothing() {
    return 1.0 / widths.length;
  }

  private double centre(int kernel, int axis) {
    if (kernel < points.length) {
      return points[kernel][axis];
    }
    return axes.get(axis).isScale() ? 0.5 : Double.NaN;
  }

  private static double cumulative(double z) {
    return 0.5 * Erf.erfc(-z / SQRT2);
  }

  /** The logarithm of the density at a point, over those of its settings that are not absent. */
  double log(double[] point) {
    double[] logs = new double[widths.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int kernel = 0; kernel < logs.length; kernel++) {
      for (int axis : which) {
        if (!Double.isNaN(point[axis])) {
          logs[kernel] += log(kernel, axis, point[axis]);
        }
      }
      largest = Math.max(largest, logs[kernel]);
    }
    double sum = 0;
    for (double log : logs) {
      sum += FastMath.exp(log - largest);
    }
    return largest + FastMath.log(sum / logs.length);
  }

  private double log(int kernel, int axis, double x) {
    double at = centre(kernel, axis);
    if (!axes.get(axis).isScale()) {
      double values = axes.get(axis).size();
      if (Double.isNaN(at)) {
        return -FastMath.log(values);
      }
      boolean same = (int) (x * values) == (int) (at * values);
      return FastMath.log((smoothing() + (same ? 1 : 0)) / (1 + values * smoothing()));
    }
    if (Double.isNaN(at)) {
      return 0;
    }
    double width = widths[kernel];
    double z = (x - at) / width;
    return -0.5 * z * z
        - FastMath.log(width * (cumulative((1 - at) / width) - cumulative(-at / width)));
  }
}
