package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.descry.sweep.arbiter.Outcome;
import org.descry.sweep.arbiter.Piece;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.junit.jupiter.api.Test;

/** The strategies and prunings on trainings of this program; docs/sweeps.md has the figures. */
class RecordedSearchTest {
  private static final int SEEDS = 20;
  private static final int RANDOM = 64;
  private static final int ALL_EPOCHS = RANDOM * RecordedSweep.EPOCHS;

  private final RecordedSweep recorded = new RecordedSweep();

  private double best(Strategy strategy, int candidates, int seed) {
    return SearchQualityTest.best(
        strategy,
        RecordedSweep.space(),
        candidates,
        seed,
        settings -> recorded.loss(settings, RecordedSweep.EPOCHS));
  }

  private double[] bests(Strategy strategy, int candidates) {
    return IntStream.rangeClosed(1, SEEDS)
        .mapToDouble(seed -> best(strategy, candidates, seed))
        .toArray();
  }

  private static double median(double[] values) {
    return Arrays.stream(values).sorted().skip(SEEDS / 2).findFirst().orElseThrow();
  }

  @Test
  void sixtyOfTheParzenEstimatorsBeat120RandomOnes() {
    double[] parzen = bests(Strategy.TPE, 60);
    double[] random = bests(Strategy.RANDOM, 120);
    assertThat(recorded.size()).isEqualTo(324);
    assertThat(median(parzen)).isLessThan(median(random));
    assertThat(IntStream.range(0, SEEDS).filter(i -> parzen[i] < random[i]).count())
        .isGreaterThanOrEqualTo(15);
  }

  @Test
  void halvingReachesTheBestOfRandomSearchWithHalfTheEpochs() {
    for (Pruning.Kind kind : List.of(Pruning.Kind.ASHA, Pruning.Kind.HYPERBAND)) {
      int reached = 0;
      for (int seed = 1; seed <= SEEDS; seed++) {
        double goal = best(Strategy.RANDOM, RANDOM, seed);
        reached += epochs(Strategy.RANDOM, kind, seed, goal) <= ALL_EPOCHS / 2 ? 1 : 0;
      }
      assertThat(reached).as(kind.toString()).isGreaterThanOrEqualTo(15);
    }
  }

  /** How many epochs are trained until a candidate reaches a loss. */
  int epochs(Strategy strategy, Pruning.Kind kind, int seed, double goal) {
    Search search =
        Searches.of(
            strategy,
            RecordedSweep.space(),
            seed,
            Pruning.of(kind, RecordedSweep.EPOCHS, null, 3, 1),
            1,
            (piece, candidate) -> true);
    int epochs = 0;
    while (epochs < 2 * ALL_EPOCHS && search.hasMoreCandidates()) {
      Candidate<?> candidate = search.getCandidate();
      Piece piece = (Piece) candidate.getValue();
      int until = Math.min(piece.until(), RecordedSweep.EPOCHS);
      epochs += until - piece.from();
      double loss = recorded.loss(piece.settings(), until);
      if (loss <= goal) {
        return epochs;
      }
      search.learn(piece.number(), new Outcome(List.of(loss), until, until < RecordedSweep.EPOCHS));
    }
    return Integer.MAX_VALUE;
  }
}
