package org.descry.sweep.trial;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Those of several points than which no other is better in one way and as good in the others. */
public final class ParetoFront {
  private ParetoFront() {}

  /**
   * The front of points.
   *
   * @param costs of each point, the smaller the better; a point with a NaN is on no front
   * @param among which points count
   */
  public static Set<Integer> of(List<double[]> costs, Set<Integer> among) {
    Set<Integer> front = new LinkedHashSet<>();
    for (int point : among) {
      double[] own = costs.get(point);
      if (!isNaN(own) && among.stream().noneMatch(other -> dominates(costs.get(other), own))) {
        front.add(point);
      }
    }
    return front;
  }

  /** The candidates on the front of some objectives: of those trained to their end. */
  public static List<Candidate> of(List<Candidate> candidates, List<Objective> objectives) {
    List<double[]> costs = new ArrayList<>();
    Set<Integer> whole = new LinkedHashSet<>();
    for (Candidate candidate : candidates) {
      if (candidate.whole()) {
        whole.add(costs.size());
      }
      costs.add(
          objectives.stream()
              .mapToDouble(o -> o.cost(candidate.score(o, objectives.get(0))))
              .toArray());
    }
    return of(costs, whole).stream().map(candidates::get).toList();
  }

  private static boolean dominates(double[] one, double[] other) {
    boolean better = false;
    for (int i = 0; i < one.length; i++) {
      if (!(one[i] <= other[i])) {
        return false;
      }
      better |= one[i] < other[i];
    }
    return better;
  }

  private static boolean isNaN(double[] costs) {
    for (double cost : costs) {
      if (Double.isNaN(cost)) {
        return true;
      }
    }
    return false;
  }
}
