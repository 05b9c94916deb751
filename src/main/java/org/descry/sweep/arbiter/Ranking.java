package org.descry.sweep.arbiter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order in which a search prefers what it has learnt. */
final class Ranking {
  private Ranking() {}

  /**
   * Those that were trained for longer first, for they had to be better than others to be; then by
   * their cost; failed ones last.
   */
  static List<Observation> bestFirst(Collection<Observation> observations) {
    List<Observation> ranked = new ArrayList<>(observations);
    ranked.sort(
        Comparator.comparing(Observation::failed)
            .thenComparing(Observation::epochs, Comparator.reverseOrder())
            .thenComparingDouble(observation -> observation.costs()[0])
            .thenComparingInt(Observation::number));
    return ranked;
  }
}
