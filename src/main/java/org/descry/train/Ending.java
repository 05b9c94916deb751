package org.descry.train;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.descry.job.TrainingSettings;
import org.descry.job.TrainingSettings.EarlyStopping;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;

/**
 * Why a training ends, as {@code summary.json} says it. Depends on what it has done alone, so that
 * one that goes on ends where one that was never interrupted does.
 *
 * @param epochs most of them
 * @param stopper what early stopping looks at; null for nothing
 */
record Ending(TrainingSettings settings, int epochs, Metric stopper) {
  /** The reason, if there is one. */
  Optional<String> after(List<EpochMetrics> done, int iteration, double seconds) {
    if (done.size() >= epochs) {
      return Optional.of("epochs");
    } else if (outOfTime(seconds)) {
      return Optional.of("maxTime");
    } else if (outOfSteps(iteration)) {
      return Optional.of("maxSteps");
    }
    return stuck(done) ? Optional.of("earlyStopping") : Optional.empty();
  }

  /** As {@link #after}, but for early stopping, which needs the names of the metrics. */
  boolean reached(List<EpochMetrics> done, int iteration, double seconds) {
    return done.size() >= epochs
        || outOfTime(seconds)
        || outOfSteps(iteration)
        || settings.earlyStopping() != null;
  }

  boolean outOfTime(double seconds) {
    return settings
        .timeLimit()
        .map(limit -> Duration.ofNanos((long) (seconds * 1e9)).compareTo(limit) >= 0)
        .orElse(false);
  }

  boolean outOfSteps(int iteration) {
    return settings.maxSteps() != null && iteration >= settings.maxSteps();
  }

  /** Patience counts epochs, those without an evaluation too. */
  private boolean stuck(List<EpochMetrics> done) {
    EarlyStopping rule = settings.earlyStopping();
    if (rule == null) {
      return false;
    }
    Comparator<Double> bestFirst = stopper.goal().bestFirst();
    Double best = null;
    int since = 0;
    int last = 0;
    for (EpochMetrics metrics : done) {
      Double value = metrics.value(stopper.name());
      if (value != null) {
        last = metrics.epoch();
        if (best == null
            || bestFirst.compare(value, best) < 0 && Math.abs(value - best) > rule.minDelta()) {
          best = value;
          since = last;
        }
      }
    }
    return last - since >= rule.patience();
  }
}
