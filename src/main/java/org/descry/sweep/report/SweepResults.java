package org.descry.sweep.report;

import java.util.List;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;

/**
 * The results of a sweep.
 *
 * @param name of the sweep
 * @param strategy {@code random}, {@code grid} or {@code genetic}
 * @param objective what was optimised
 * @param dimensions the searched settings, in the order of the sweep file
 * @param candidates in the order of the search
 * @param seconds from the start to the end, over all runs
 */
public record SweepResults(
    String name,
    String strategy,
    Objective objective,
    List<Dimension> dimensions,
    List<Candidate> candidates,
    double seconds) {
  public SweepResults {
    dimensions = List.copyOf(dimensions);
    candidates = List.copyOf(candidates);
  }

  /** The candidates, best first; among equals the earlier first, those without a score last. */
  public List<Candidate> ranked() {
    return candidates.stream().sorted(Candidate.bestFirst(objective)).toList();
  }
}
