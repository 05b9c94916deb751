package org.descry.sweep;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.MeanScore;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.arbiter.TpeSettings;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.trial.Objective;

/** Searches for tests, without trainings. */
final class Searches {
  private Searches() {}

  /** A search for the least cost. */
  static Search of(Strategy strategy, JobSpace space, long seed, Search.Open open) {
    return of(strategy, space, seed, Pruning.NONE, 1, open);
  }

  /**
   * @param costs how many there are
   */
  static Search of(
      Strategy strategy, JobSpace space, long seed, Pruning pruning, int costs, Search.Open open) {
    List<Objective> objectives =
        IntStream.range(0, costs)
            .mapToObj(i -> new Objective("cost" + i, Metric.Goal.MINIMIZE))
            .toList();
    return new Search(
        strategy.generator(
            space, seed, new MeanScore(Metric.Goal.MINIMIZE), new TpeSettings(true, 10)),
        new Search.Plan(strategy, pruning, objectives, List.of(), Map.of()),
        open);
  }
}
