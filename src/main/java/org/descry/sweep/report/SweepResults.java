package org.descry.sweep.report;

import java.util.List;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.trial.ParetoFront;

/**
 * The results of a sweep.
 *
 * @param name of the sweep
 * @param strategy {@code random}, {@code grid} or {@code genetic}
 * @param objectives what was optimised; candidates are ranked by the first
 * @param dimensions the searched settings, in the order of the sweep file
 * @param candidates in the order of the search
 * @param seconds from the start to the end, over all runs
 */
public record SweepResults(
    String name,
    String strategy,
    List<Objective> objectives,
    List<Dimension> dimensions,
    List<Candidate> candidates,
    double seconds) {
  public SweepResults {
    objectives = List.copyOf(objectives);
    dimensions = List.copyOf(dimensions);
    candidates = List.copyOf(candidates);
  }

  /** What candidates are ranked by. */
  public Objective objective() {
    return objectives.get(0);
  }

  /** The objectives but the first. */
  List<Objective> further() {
    return objectives.subList(1, objectives.size());
  }

  /** The candidates on the Pareto front of the objectives, best by the first first. */
  public List<Candidate> front() {
    return ParetoFront.of(ranked(), objectives);
  }

  /** The candidates, best first; among equals the earlier first, those without a score last. */
  public List<Candidate> ranked() {
    return candidates.stream().sorted(Candidate.bestFirst(objective())).toList();
  }
}
