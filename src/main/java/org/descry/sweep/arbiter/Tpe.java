package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;

/**
 * The tree-structured Parzen estimator (Bergstra et al., "Algorithms for Hyper-Parameter
 * Optimization", NIPS 2011): one density of the best candidates, one of the others; of some points
 * drawn from the first, that one is proposed for which the first is the largest in shares of the
 * second. Begins with points of {@link Sobol}'s.
 *
 * <p>Candidates that failed and those under way count among the others: the "constant liar" keeps
 * candidates that are trained at the same time apart.
 */
final class Tpe extends Proposer {
  private static final int DRAWS = 24;
  private static final double BEST_SHARE = 0.1;
  private static final int MOST_BEST = 25;

  /** Fewer candidates with a score than these say nothing. */
  private static final int FEWEST_SCORED = 4;

  private final List<Axis> axes;
  private final Sobol sobol;
  private final SplittableRandom random;
  private final TpeSettings settings;
  private final List<int[]> groups;
  private final Map<Integer, Observation> told = new TreeMap<>();
  private final Map<Integer, Map<String, JsonNode>> pending = new TreeMap<>();
  private final Set<Map<String, JsonNode>> known = new HashSet<>();

  Tpe(JobSpace space, long seed, TpeSettings settings) {
    super(space);
    axes = space.free();
    sobol = new Sobol(space, seed);
    random = new SplittableRandom(seed);
    this.settings = settings;
    int[] all = IntStream.range(0, axes.size()).toArray();
    groups =
        settings.multivariate()
            ? List.of(all)
            : IntStream.of(all).mapToObj(axis -> new int[] {axis}).toList();
  }

  @Override
  void begun(int number, Map<String, JsonNode> candidate) {
    pending.put(number, candidate);
    known.add(candidate);
  }

  @Override
  void tell(Observation observation) {
    pending.remove(observation.number());
    told.put(observation.number(), observation);
  }

  @Override
  double[] propose() {
    List<Observation> ranked = Ranking.bestFirst(told.values());
    long scored = ranked.stream().filter(observation -> !observation.failed()).count();
    boolean learnt = told.keySet().stream().anyMatch(number -> number < 0);
    if ((known.size() < settings.startup() && !learnt) || scored < FEWEST_SCORED) {
      return sobol.propose();
    }
    int best = (int) Math.min(MOST_BEST, Math.ceil(BEST_SHARE * ranked.size()));
    List<double[]> good = new ArrayList<>();
    List<double[]> others = new ArrayList<>();
    for (Observation observation : ranked) {
      (good.size() < best && !observation.failed() ? good : others)
          .add(places(observation.settings()));
    }
    pending.values().forEach(candidate -> others.add(places(candidate)));
    double[] point = new double[axes.size()];
    for (int[] group : groups) {
      if (!chooseNew(
          point, group, new Parzen(axes, group, good), new Parzen(axes, group, others))) {
        return sobol.propose();
      }
    }
    return point;
  }

  private double[] places(Map<String, JsonNode> candidate) {
    return space().places(candidate).orElseThrow();
  }

  /** Sets a group to the best of some draws; false if all of them were begun before. */
  private boolean chooseNew(double[] point, int[] group, Parzen good, Parzen others) {
    boolean whole = group.length == axes.size();
    double[] drawn = point.clone();
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < DRAWS; i++) {
      good.draw(drawn, random);
      Map<String, JsonNode> candidate = space().getValue(drawn);
      double[] places = places(candidate);
      double gain = good.log(places) - others.log(places);
      if (gain > best && !(whole && isUsed(candidate))) {
        best = gain;
        System.arraycopy(drawn, 0, point, 0, point.length);
      }
    }
    return best > Double.NEGATIVE_INFINITY;
  }

  private boolean isUsed(Map<String, JsonNode> candidate) {
    return known.contains(candidate) || !space().accepts(candidate);
  }
}
