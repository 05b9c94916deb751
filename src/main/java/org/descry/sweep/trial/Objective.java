package org.descry.sweep.trial;

import java.util.Comparator;
import java.util.Locale;
import org.descry.metrics.Metric;

/**
 * What a sweep optimises.
 *
 * @param metric a number that the job reports, such as {@code validationAccuracy}
 * @param goal which way is better
 */
public record Objective(String metric, Metric.Goal goal) {
  /** The smaller the better. */
  public double cost(double score) {
    return goal.cost(score);
  }

  /** For sentences: {@code validationAccuracy, maximize}. */
  public String words() {
    return metric + ", " + goal.name().toLowerCase(Locale.ROOT);
  }

  /** The better score first; NaN last. */
  Comparator<Double> bestFirst() {
    return goal.bestFirst();
  }
}
