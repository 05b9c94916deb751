package org.descry.sweep.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;
import org.junit.jupiter.api.Test;

class TpeTest {
  private static final int SEEDS = 20;
  private static final int STARTUP = 10;

  private static JobSpace square() {
    return new JobSpace(List.of(Axis.uniform("x", 0, 1, null), Axis.uniform("y", 0, 1, null)));
  }

  /** The valley lies across both settings. */
  private static double cost(double[] point) {
    return Math.pow(point[0] - point[1], 2) + 0.1 * Math.pow(point[0] - 0.7, 2);
  }

  private static void tell(Tpe tpe, int number, double[] point, double cost) {
    Map<String, JsonNode> settings = tpe.space().getValue(point);
    tpe.begun(number, settings);
    tpe.tell(new Observation(number, settings, new double[] {cost}, Piece.ALL));
  }

  /** The best costs of 60 candidates, one a seed. */
  private static double[] bests(boolean multivariate) {
    return IntStream.rangeClosed(1, SEEDS)
        .mapToDouble(
            seed -> {
              Tpe tpe = new Tpe(square(), seed, new TpeSettings(multivariate, STARTUP));
              double best = Double.POSITIVE_INFINITY;
              for (int i = 0; i < 60; i++) {
                double[] point = tpe.propose();
                tell(tpe, i, point, cost(point));
                best = Math.min(best, cost(point));
              }
              return best;
            })
        .toArray();
  }

  private static double[] random() {
    return IntStream.rangeClosed(1, SEEDS)
        .mapToDouble(
            seed -> {
              SplittableRandom random = new SplittableRandom(seed);
              return IntStream.range(0, 60)
                  .mapToDouble(i -> cost(random.doubles(2).toArray()))
                  .min()
                  .orElseThrow();
            })
        .toArray();
  }

  private static long wins(double[] ones, double[] others) {
    return IntStream.range(0, SEEDS).filter(i -> ones[i] < others[i]).count();
  }

  @Test
  void settingsAreProposedTogetherOrEachByItself() {
    double[] together = bests(true);
    double[] each = bests(false);
    assertThat(wins(together, random())).isGreaterThanOrEqualTo(15);
    assertThat(wins(each, random())).isGreaterThanOrEqualTo(15);
    assertThat(each).isNotEqualTo(together);
  }

  /** The mean distance between ten points that are proposed at the same time. */
  private static double spread(long seed, boolean told) {
    Tpe tpe = new Tpe(square(), seed, new TpeSettings(true, STARTUP));
    for (int i = 0; i < 2 * STARTUP; i++) {
      double[] point = new Sobol(tpe.space(), seed + i).propose();
      tell(tpe, i, point, cost(point));
    }
    double[][] points = new double[STARTUP][];
    for (int i = 0; i < STARTUP; i++) {
      points[i] = tpe.propose();
      if (told) {
        tpe.begun(2 * STARTUP + i, tpe.space().getValue(points[i]));
      }
    }
    return Arrays.stream(points)
        .flatMapToDouble(
            a -> Arrays.stream(points).mapToDouble(b -> Math.hypot(a[0] - b[0], a[1] - b[1])))
        .average()
        .orElseThrow();
  }

  /** Those under way count as bad ones until they are known. */
  @Test
  void whatIsUnderWayKeepsOthersAway() {
    double apart = IntStream.range(0, SEEDS).mapToDouble(seed -> spread(seed, true)).sum();
    double alone = IntStream.range(0, SEEDS).mapToDouble(seed -> spread(seed, false)).sum();
    assertThat(apart).isGreaterThan(1.2 * alone);
  }

  /** Of fifty; were they not told, half. */
  @Test
  void whereTrainingsFailFewAreProposed() {
    Tpe tpe = new Tpe(square(), 1, new TpeSettings(true, STARTUP));
    int failed = 0;
    for (int i = 0; i < 60; i++) {
      double[] point = tpe.propose();
      boolean fails = point[0] > 0.5;
      failed += fails && i >= STARTUP ? 1 : 0;
      tell(tpe, i, point, fails ? Double.NaN : Math.abs(point[1] - 0.5));
    }
    assertThat(failed).isLessThan(15);
  }
}
