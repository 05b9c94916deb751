package org.descry.sweep.arbiter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.descry.sweep.trial.ParetoFront;

/** The order in which a search prefers what it has learnt. */
final class Ranking {
  private Ranking() {}

  /** Where a point stands: the smaller, the better. */
  private record Place(double first, double second) {}

  /**
   * Those that were trained for longer first, for they had to be better than others to be; then by
   * their cost; failed ones last. Where there are several objectives, by fronts, and on a front
   * those first that lie far from their neighbours (Deb et al., "A Fast and Elitist Multiobjective
   * Genetic Algorithm: NSGA-II", IEEE Trans. Evol. Comput. 6, 2002).
   */
  static List<Observation> bestFirst(Collection<Observation> observations) {
    List<Observation> ranked = new ArrayList<>(observations);
    Map<Integer, Place> places = new HashMap<>();
    if (ranked.stream().anyMatch(observation -> observation.costs().length > 1)) {
      placeOnFronts(ranked, places);
    } else {
      ranked.forEach(o -> places.put(o.number(), new Place(o.costs()[0], 0)));
    }
    ranked.sort(
        Comparator.comparing(Observation::failed)
            .thenComparing(Observation::epochs, Comparator.reverseOrder())
            .thenComparingDouble(observation -> places.get(observation.number()).first)
            .thenComparingDouble(observation -> places.get(observation.number()).second)
            .thenComparingInt(Observation::number));
    return ranked;
  }

  private static void placeOnFronts(List<Observation> all, Map<Integer, Place> places) {
    List<double[]> costs = all.stream().map(Observation::costs).toList();
    Set<Integer> left = new LinkedHashSet<>(IntStream.range(0, all.size()).boxed().toList());
    for (int number = 0; !left.isEmpty(); number++) {
      Set<Integer> front = ParetoFront.of(costs, left);
      if (front.isEmpty()) { // those of which not all is known
        for (int point : left) {
          places.put(all.get(point).number(), new Place(number, costs.get(point)[0]));
        }
        return;
      }
      double[] distances = distances(costs, List.copyOf(front));
      int i = 0;
      for (int point : front) {
        places.put(all.get(point).number(), new Place(number, -distances[i++]));
      }
      left.removeAll(front);
    }
  }

  /** From one neighbour on a front to the other, summed over the objectives. */
  private static double[] distances(List<double[]> costs, List<Integer> front) {
    double[] distances = new double[front.size()];
    for (int objective = 0; objective < costs.get(front.get(0)).length; objective++) {
      int which = objective;
      List<Integer> order =
          IntStream.range(0, front.size())
              .boxed()
              .sorted(Comparator.comparingDouble(i -> costs.get(front.get(i))[which]))
              .toList();
      int last = order.size() - 1;
      double least = costs.get(front.get(order.get(0)))[which];
      double span = costs.get(front.get(order.get(last)))[which] - least;
      distances[order.get(0)] = Double.POSITIVE_INFINITY;
      distances[order.get(last)] = Double.POSITIVE_INFINITY;
      for (int i = 1; i < last && span > 0; i++) {
        distances[order.get(i)] +=
            (costs.get(front.get(order.get(i + 1)))[which]
                    - costs.get(front.get(order.get(i - 1)))[which])
                / span;
      }
    }
    return distances;
  }
}
