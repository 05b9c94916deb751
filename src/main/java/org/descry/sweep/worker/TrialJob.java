package org.descry.sweep.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.descry.job.Job;
import org.descry.kind.Kinds;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.sweep.trial.Trial;

/**
 * A training that is to be done.
 *
 * @param candidate its number
 * @param repeat from 0
 * @param job with the candidate's settings, the repeat's seed and the folder of its own
 * @param until the epoch after which it pauses, to be gone on with later; {@code Integer.MAX_VALUE}
 *     for none
 */
public record TrialJob(int candidate, int repeat, Job job, int until) {
  /** A training to the end. */
  public TrialJob(int candidate, int repeat, Job job) {
    this(candidate, repeat, job, Integer.MAX_VALUE);
  }

  /** The run folder. */
  public Path folder() {
    return Path.of(job.output().dir()).resolve(job.name());
  }

  /**
   * A training that ended well.
   *
   * @param measures further objectives
   */
  public Trial succeeded(
      double score, Map<String, Double> measures, double seconds, List<EpochMetrics> epochs) {
    return new Trial(
        repeat, job.seed(), score, measures, seconds, epochs, null, false, false, folder());
  }

  /**
   * A training that paused or was stopped.
   *
   * @param epochs that it has done; the score is that of the best of them
   */
  public Trial pruned(double seconds, List<EpochMetrics> epochs, String metric) {
    double score = score(epochs, metric);
    return new Trial(
        repeat, job.seed(), score, Map.of(), seconds, epochs, null, false, true, folder());
  }

  private double score(List<EpochMetrics> epochs, String metric) {
    Metric selection = Metric.named(job.training().selectBy().metric(), Kinds.metrics(job));
    EpochMetrics best = null;
    for (EpochMetrics epoch : epochs) {
      best = epoch.evaluated() && epoch.betterThan(best, selection) ? epoch : best;
    }
    Double score = best == null ? null : best.value(metric);
    return score == null ? Double.NaN : score;
  }

  public Trial failed(double seconds, String failure) {
    return failed(seconds, failure, false);
  }

  /** A training whose process ended. */
  public Trial died(double seconds, String failure) {
    return failed(seconds, failure, true);
  }

  private Trial failed(double seconds, String failure, boolean died) {
    return new Trial(repeat, job.seed(), Double.NaN, seconds, List.of(), failure, died, folder());
  }
}
