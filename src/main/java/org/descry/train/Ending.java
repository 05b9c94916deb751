package org.descry.train;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.descry.UsageException;
import org.descry.job.EarlyStopping;
import org.descry.job.TrainingSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.folder.EarlierRun;

/**
 * Why a training ends, as {@code summary.json} says it. Depends on what it has done alone, so that
 * one that goes on ends where one that was never interrupted does.
 *
 * @param epochs most of them
 * @param stopper what early stopping looks at; null for nothing
 */
record Ending(TrainingSettings settings, int epochs, Metric stopper) {
  private static final String EARLY_STOPPING = "earlyStopping";

  /**
   * @param known metrics that a job may name
   * @param selection what early stopping looks at unless the job says
   * @throws UsageException if the job names an unknown one
   */
  static Ending of(TrainingSettings settings, int epochs, List<Metric> known, Metric selection) {
    String named = settings.earlyStopping() == null ? null : settings.earlyStopping().metric();
    if (named == null) {
      return new Ending(settings, epochs, selection);
    }
    List<String> names = known.stream().map(Metric::name).filter(EpochMetrics::reports).toList();
    if (!names.contains(named)) {
      throw new UsageException(
          "training.earlyStopping.metric is %s, but expected one of %s."
              .formatted(named, String.join(", ", names)));
    }
    return new Ending(settings, epochs, Metric.named(named, known));
  }

  /** The reason, if there is one. */
  Optional<String> after(List<EpochMetrics> done, int iteration, double seconds) {
    return limit(done.size(), iteration, seconds)
        .or(() -> stuck(done) ? Optional.of(EARLY_STOPPING) : Optional.empty());
  }

  /** Whether the model is that of the last epoch, and not of the best one. */
  boolean keepsLast() {
    return settings.earlyStopping() != null && !settings.earlyStopping().restoreBest();
  }

  /** The limit that is reached, if one is; early stopping is none. */
  Optional<String> limit(int done, int iteration, double seconds) {
    if (done >= epochs) {
      return Optional.of("epochs");
    } else if (outOfTime(seconds)) {
      return Optional.of("maxTime");
    }
    boolean outOfSteps = settings.maxSteps() != null && iteration >= settings.maxSteps();
    return outOfSteps ? Optional.of("maxSteps") : Optional.empty();
  }

  /**
   * Whether an earlier run of the training came as far as it is to come.
   *
   * @param sameStopping whether it had the same rule for early stopping
   */
  boolean reachedBy(EarlierRun.End end, boolean sameStopping) {
    return end.reason().equals(EARLY_STOPPING) && sameStopping
        || limit(end.epochs(), end.iteration(), end.seconds()).isPresent();
  }

  private boolean outOfTime(double seconds) {
    return settings
        .timeLimit()
        .map(limit -> Duration.ofNanos((long) (seconds * 1e9)).compareTo(limit) >= 0)
        .orElse(false);
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
