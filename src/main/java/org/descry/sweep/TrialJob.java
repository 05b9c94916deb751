package org.descry.sweep;

import java.nio.file.Path;
import java.util.List;
import org.descry.train.EpochMetrics;
import org.descry.train.job.Job;

/**
 * A training that is to be done.
 *
 * @param candidate its number
 * @param repeat from 0
 * @param job with the candidate's settings, the repeat's seed and the folder of its own
 */
record TrialJob(int candidate, int repeat, Job job) {
  /** The run folder. */
  Path folder() {
    return Path.of(job.output().dir()).resolve(job.name());
  }

  Trial succeeded(double score, double seconds, List<EpochMetrics> epochs) {
    return new Trial(repeat, job.seed(), score, seconds, epochs, null, folder());
  }

  Trial failed(double seconds, String failure) {
    return new Trial(repeat, job.seed(), Double.NaN, seconds, List.of(), failure, folder());
  }
}
