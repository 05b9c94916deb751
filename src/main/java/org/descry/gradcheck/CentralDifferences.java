package org.descry.gradcheck;

import java.util.function.DoubleUnaryOperator;

/**
 * The derivative of a function along a line by central differences, {@code (f(h) - f(-h)) / 2h},
 * taken at two step sizes and extrapolated to step zero (Richardson), which leaves rounding as the
 * only error worth mentioning.
 *
 * <p>At or next to a kink (a rectifier at 0, a tie in a max-pool window) the one-sided differences
 * disagree, and a difference quotient says nothing about the derivative: such points are flagged.
 * How far the sides are apart is in proportion to the step where the function is smooth; where it
 * is not, that proportion or the quotient itself changes with the step.
 */
public final class CentralDifferences {
  /** The step for one element of size 1. */
  public static final double STEP = 1e-4;

  /** Twenty times the rounding of a value of size 1, divided by the step. */
  private static final double BEND = 2e-9;

  private static final double CHANGE = 1e-6;

  private CentralDifferences() {}

  /**
   * An estimated derivative.
   *
   * @param value the estimate
   * @param kink whether the point lies at or next to a kink, so that the estimate means nothing
   */
  public record Estimate(double value, boolean kink) {}

  /**
   * Estimates a derivative.
   *
   * @param f the function of the way along the line; the derivative is taken at 0
   * @param centre f(0)
   * @param step how far to go
   */
  public static Estimate derivative(DoubleUnaryOperator f, double centre, double step) {
    double plus = f.applyAsDouble(step);
    double minus = f.applyAsDouble(-step);
    double halfPlus = f.applyAsDouble(step / 2);
    double halfMinus = f.applyAsDouble(-step / 2);
    double wide = (plus - minus) / (2 * step);
    double narrow = (halfPlus - halfMinus) / step;
    double wideBend = (plus - 2 * centre + minus) / step;
    double narrowBend = (halfPlus - 2 * centre + halfMinus) / (step / 2);
    double rounding = BEND * Math.max(1, Math.abs(centre)) * STEP / step;
    boolean kink =
        Math.abs(narrowBend - wideBend / 2) > rounding
            || Math.abs(wide - narrow) > CHANGE * (1 + Math.abs(wide));
    return new Estimate((4 * narrow - wide) / 3, kink);
  }
}
