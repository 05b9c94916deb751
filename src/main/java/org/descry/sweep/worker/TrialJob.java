package org.descry.sweep.worker;

import java.nio.file.Path;
import java.util.List;
import org.descry.job.Job;
import org.descry.metrics.EpochMetrics;
import org.descry.sweep.Trial;

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
    return new Trial(repeat, job.seed(), score, seconds, epochs, null, folder());
  }

  public Trial failed(double seconds, String failure) {
    return new Trial(repeat, job.seed(), Double.NaN, seconds, List.of(), failure, folder());
  }
}
