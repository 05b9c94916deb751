package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.descry.sweep.arbiter.Outcome;
import org.descry.sweep.arbiter.Piece;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.Constraint;
import org.descry.sweep.space.JobSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchTest {
  private static final int LIMIT = 40;

  private static Search search(Strategy strategy, List<Axis> axes, long seed) {
    return Searches.of(strategy, new JobSpace(axes), seed, (piece, candidate) -> candidate < LIMIT);
  }

  private static List<Axis> axes() {
    return List.of(
        Axis.logUniform("rate", 1e-4, 1, null),
        Axis.integers("hidden", 16, 128, 16, null),
        Axis.uniform("dropout", 0, 0.5, null));
  }

  private static double score(Map<String, JsonNode> settings) {
    return Math.abs(Math.log10(settings.get("rate").asDouble()) + 2)
        + settings.get("dropout").asDouble();
  }

  /** Runs a search with so many at the same time, which finish in an order of their own. */
  private static List<Map<String, JsonNode>> run(
      Strategy strategy, List<Axis> axes, long seed, int workers, int failEvery) {
    Search search = search(strategy, axes, seed);
    Random order = new Random(workers);
    List<Candidate<?>> running = new ArrayList<>();
    List<Map<String, JsonNode>> all = new ArrayList<>();
    do {
      while (running.size() < workers && search.hasMoreCandidates()) {
        Candidate<?> candidate = search.getCandidate();
        assertThat(candidate.getIndex()).isEqualTo(all.size());
        running.add(candidate);
        all.add(((Piece) candidate.getValue()).settings());
      }
      Candidate<?> done = running.remove(order.nextInt(running.size()));
      boolean fails = failEvery > 0 && done.getIndex() % failEvery == 0;
      double score = fails ? Double.NaN : score(((Piece) done.getValue()).settings());
      search.learn(done.getIndex(), new Outcome(List.of(score), 1, false));
    } while (!running.isEmpty() || search.hasMoreCandidates());
    return all;
  }

  @Property(tries = 50)
  void valuesLieInTheirSpaces(
      @ForAll @IntRange(min = 1, max = 999_999) int millionths,
      @ForAll @IntRange(min = 1001, max = 100_000_000) int thousandfold,
      @ForAll @IntRange(min = -50, max = 50) int from,
      @ForAll @IntRange(min = 0, max = 99) int span,
      @ForAll @IntRange(min = 1, max = 9) int step,
      @ForAll long seed) {
    double low = millionths / 1e6;
    double high = low * thousandfold / 1e3;
    List<Axis> axes =
        List.of(
            Axis.logUniform("rate", low, high, null),
            Axis.uniform("dropout", low, high, null),
            Axis.integers("int", from, from + span, step, null));
    for (Map<String, JsonNode> settings : run(Strategy.RANDOM, axes, seed, 1, 0).subList(0, 9)) {
      assertThat(settings.get("rate").asDouble()).isBetween(low, high);
      assertThat(settings.get("dropout").asDouble()).isBetween(low, high);
      int whole = settings.get("int").intValue();
      assertThat(whole).isBetween(from, from + span);
      assertThat((whole - from) % step).isZero();
    }
  }

  @Property(tries = 20)
  void aSeedGivesItsCandidatesWhateverTheNumberOfWorkers(
      @ForAll Strategy strategy, @ForAll long seed, @ForAll @IntRange(max = 4) int failEvery) {
    List<Axis> axes = strategy == Strategy.GRID ? grid() : axes();
    List<Map<String, JsonNode>> alone = run(strategy, axes, seed, 1, failEvery);
    assertThat(run(strategy, axes, seed, 2, failEvery)).isEqualTo(alone);
    assertThat(run(strategy, axes, seed, 7, failEvery)).isEqualTo(alone);
    assertThat(new HashSet<>(alone)).hasSameSizeAs(alone);
    assertThat(run(strategy, axes, seed + 1, 1, failEvery)).isNotEqualTo(alone);
  }

  private static List<Axis> grid() {
    return List.of(
        Axis.logUniform("rate", 1e-4, 1, 5),
        Axis.integers("hidden", 64, 64, 1, Long.MAX_VALUE), // one value: no axis for Arbiter
        Axis.integers("layers", 1, 3, 1, Long.MAX_VALUE),
        Axis.uniform("dropout", 0, 0.5, 2));
  }

  @Test
  void aGridIsGoneThroughOnce() {
    List<Map<String, JsonNode>> all = run(Strategy.GRID, grid(), 5, 3, 0);
    assertThat(all).hasSize(5 * 3 * 2).doesNotHaveDuplicates();
    assertThat(all).extracting(s -> s.get("hidden").asInt()).containsOnly(64);
    assertThat(all)
        .extracting(s -> s.get("rate").asDouble())
        .containsOnly(1e-4, 1e-3, 1e-2, 1e-1, 1.0);
  }

  @Test
  void aSpaceThatIsUsedUpEndsTheSearch() {
    List<Axis> axes =
        List.of(Axis.integers("rate", 1, 3, 1, null), Axis.integers("dropout", 0, 0, 1, null));
    assertThat(run(Strategy.RANDOM, axes, 1, 2, 0)).hasSize(3);
    assertThat(run(Strategy.GENETIC, axes, 1, 2, 0)).hasSize(3);
  }

  @Test
  void aGeneticSearchGetsBetter() {
    List<Map<String, JsonNode>> all = run(Strategy.GENETIC, axes(), 4, 2, 0);
    double early = all.subList(0, 16).stream().mapToDouble(SearchTest::score).average().orElse(0);
    double late = all.subList(24, 40).stream().mapToDouble(SearchTest::score).average().orElse(0);
    assertThat(late).isLessThan(0.8 * early);
  }

  @Test
  void whenEverythingFailsAGeneticSearchGoesOnAtRandom() {
    assertThat(run(Strategy.GENETIC, axes(), 4, 2, 1)).hasSize(LIMIT);
  }

  /** One in ten thousand of the space keeps to the constraints. */
  @ParameterizedTest
  @EnumSource(value = Strategy.class, mode = EnumSource.Mode.EXCLUDE, names = "GRID")
  void whatFewKeepToIsFound(Strategy strategy) {
    List<Axis> axes =
        Stream.of("a", "b", "c").map(key -> Axis.integers(key, 1, 100, 1, null)).toList();
    List<Constraint> constraints = List.of(new Constraint("a == b"), new Constraint("b == c"));
    Search search =
        Searches.of(
            strategy,
            new JobSpace(axes, constraints, Map.of()),
            1,
            (piece, candidate) -> candidate < 20);
    int found = 0;
    while (search.hasMoreCandidates()) {
      Piece piece = (Piece) search.getCandidate().getValue();
      assertThat(new HashSet<>(piece.settings().values())).hasSize(1);
      double score = piece.settings().get("a").asDouble();
      search.learn(piece.number(), new Outcome(List.of(score), 1, false));
      found++;
    }
    assertThat(found).isEqualTo(20);
  }
}
