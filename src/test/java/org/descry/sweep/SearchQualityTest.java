package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.descry.sweep.arbiter.Outcome;
import org.descry.sweep.arbiter.Piece;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;
import org.junit.jupiter.api.Test;

/** How well the strategies search functions whose least value is known. */
class SearchQualityTest {
  private static final int SEEDS = 20;
  private static final int CANDIDATES = 60;
  private static final double[] ALPHA = {1, 1.2, 3, 3.2};
  private static final double[][] A = {
    {10, 3, 17, 3.5, 1.7, 8},
    {.05, 10, 17, .1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, .05, 10, .1, 14}
  };
  private static final int[][] P = {
    {1312, 1696, 5569, 124, 8283, 5886},
    {2329, 4135, 8307, 3736, 1004, 9991},
    {2348, 1451, 3522, 2883, 3047, 6650},
    {4047, 8828, 8732, 5743, 1091, 381}
  };

  /** At least 0.397887. */
  private static double branin(double[] u) {
    double x = -5 + 15 * u[0];
    double y = 15 * u[1];
    double a = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
    return a * a + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  /** At least -3.32237. */
  private static double hartmann(double[] u) {
    double sum = 0;
    for (int i = 0; i < ALPHA.length; i++) {
      double exponent = 0;
      for (int j = 0; j < u.length; j++) {
        exponent += A[i][j] * Math.pow(u[j] - 1e-4 * P[i][j], 2);
      }
      sum -= ALPHA[i] * Math.exp(-exponent);
    }
    return sum;
  }

  /** The best of a search whose trainings run two at a time. */
  static double best(
      Strategy strategy,
      JobSpace space,
      int candidates,
      long seed,
      ToDoubleFunction<Map<String, JsonNode>> cost) {
    Search search =
        Searches.of(strategy, space, seed, (piece, candidate) -> candidate < candidates);
    double best = Double.POSITIVE_INFINITY;
    while (search.hasMoreCandidates()) {
      Candidate<?> candidate = search.getCandidate();
      double found = cost.applyAsDouble(((Piece) candidate.getValue()).settings());
      search.learn(candidate.getIndex(), new Outcome(List.of(found), 1, false));
      best = Math.min(best, found);
    }
    return best;
  }

  private static int wins(Strategy strategy, int dimensions, ToDoubleFunction<double[]> function) {
    ToDoubleFunction<Map<String, JsonNode>> cost =
        settings ->
            function.applyAsDouble(
                settings.values().stream().mapToDouble(JsonNode::doubleValue).toArray());
    int wins = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      if (best(strategy, cube(dimensions), CANDIDATES, seed, cost)
          < best(Strategy.RANDOM, cube(dimensions), CANDIDATES, seed, cost)) {
        wins++;
      }
    }
    return wins;
  }

  private static JobSpace cube(int dimensions) {
    List<Axis> axes = new ArrayList<>();
    IntStream.range(0, dimensions).forEach(i -> axes.add(Axis.uniform("x" + i, 0, 1, null)));
    return new JobSpace(axes);
  }

  @Test
  void parzenEstimatorsBeatRandomSearch() {
    assertThat(wins(Strategy.TPE, 2, SearchQualityTest::branin)).isGreaterThanOrEqualTo(15);
    assertThat(wins(Strategy.TPE, 6, SearchQualityTest::hartmann)).isGreaterThanOrEqualTo(15);
  }

  @Test
  void evolutionBeatsRandomSearch() {
    assertThat(wins(Strategy.CMA_ES, 2, SearchQualityTest::branin)).isGreaterThanOrEqualTo(12);
    assertThat(wins(Strategy.CMA_ES, 6, SearchQualityTest::hartmann)).isGreaterThanOrEqualTo(13);
  }

  @Test
  void sobolsPointsSpreadMoreEvenlyThanRandomOnes() {
    assertThat(emptyCells(Strategy.SOBOL)).isLessThan(emptyCells(Strategy.RANDOM) * 3 / 4);
  }

  /** Cells of 8 x 8 in which none of 64 points lies, over all seeds. */
  private static int emptyCells(Strategy strategy) {
    int empty = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      boolean[] hit = new boolean[64];
      best(
          strategy,
          cube(2),
          64,
          seed,
          settings -> {
            double[] u = settings.values().stream().mapToDouble(JsonNode::doubleValue).toArray();
            hit[(int) (Math.min(u[0], 0.9999) * 8) * 8 + (int) (Math.min(u[1], 0.9999) * 8)] = true;
            return 0;
          });
      for (boolean cell : hit) {
        empty += cell ? 0 : 1;
      }
    }
    return empty;
  }
}
