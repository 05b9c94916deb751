package org.descry.sweep.worker;

import java.nio.file.Path;
import java.util.List;
import org.descry.job.Job;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.trial.Trial;

/**
 * A training that is to be done.
 *
 * @param candidate its number
 * @param repeat from 0
 * @param job with the candidate's settings, the repeat's seed and the folder of its own
 */
public record TrialJob(int candidate, int repeat, Job job) {
  /** The run folder. */
  public Path folder() {
    return Path.of(job.output().dir()).resolve(job.name());
  }

  public Trial succeeded(double score, double seconds, List<EpochMetrics> epochs) {
    return new Trial(repeat, job.seed(), score, seconds, epochs, null, false, folder());
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
