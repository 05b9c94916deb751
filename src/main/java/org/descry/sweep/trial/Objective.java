package org.descry.sweep.trial;

import java.util.Comparator;

/**
 * What a sweep optimises.
 *
 * @param metric a number that the job reports, such as {@code validationAccuracy}
 * @param goal which way is better
 */
public record Objective(String metric, Goal goal) {
  /** Which way is better. */
  public enum Goal {
    MINIMIZE,
    MAXIMIZE
  }

  /** The better score first; NaN last. */
  public Comparator<Double> bestFirst() {
    return Comparator.comparingDouble(score -> goal == Goal.MINIMIZE ? score : -score);
  }
}
