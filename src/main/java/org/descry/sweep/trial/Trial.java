package org.descry.sweep.trial;

import java.nio.file.Path;
import java.util.List;
import org.descry.metrics.EpochMetrics;

/**
 * One training of a candidate.
 *
 * @param repeat from 0
 * @param seed of the job
 * @param score the objective; NaN if the training failed
 * @param seconds that it took
 * @param epochs what was measured after each epoch; empty if the training failed early
 * @param failure why it failed, in a sentence; null if it did not
 * @param died whether it failed because its process ended, which may not be its own fault
 * @param folder the run folder, with the job file and, unless it failed, the model
 */
public record Trial(
    int repeat,
    long seed,
    double score,
    double seconds,
    List<EpochMetrics> epochs,
    String failure,
    boolean died,
    Path folder) {
  public Trial {
    epochs = List.copyOf(epochs);
  }

  /** Whether it reached a score. */
  public boolean succeeded() {
    return failure == null;
  }
}
