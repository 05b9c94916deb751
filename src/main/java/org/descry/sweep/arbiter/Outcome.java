package org.descry.sweep.arbiter;

import java.util.List;

/**
 * What came of a piece, the same in every run of the sweep.
 *
 * @param scores one an objective; NaN where it failed
 * @param epochs of the candidate so far
 * @param pruned whether it ended before the job's last epoch
 */
public record Outcome(List<Double> scores, int epochs, boolean pruned) {
  public Outcome {
    scores = List.copyOf(scores);
  }

  /** By the first objective. */
  public double score() {
    return scores.get(0);
  }
}
