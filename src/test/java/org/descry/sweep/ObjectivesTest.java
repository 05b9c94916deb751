package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.descry.io.Json;
import org.descry.sweep.arbiter.Outcome;
import org.descry.sweep.arbiter.Piece;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Search;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.worker.TrialJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several objectives at once. */
class ObjectivesTest {
  private static final String TWO =
      "objectives: [{metric: validationLoss}, {metric: parameters, goal: minimize}]\n";

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  private SweepPlan plan(String folder, String more) {
    return Sweeps.in(
        dir.resolve(folder), "budget: {candidates: 30}\n" + TWO + more, "training.epochs=9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"strategy: random\n", "strategy: tpe\n", "strategy: tpe\npruning: asha\n"})
  void theFrontIsTheSameForAnyNumberOfWorkersAndAfterAResume(String way) {
    SweepResults alone = fake.run(plan("1", way), 1);
    List<Integer> front = alone.front().stream().map(Candidate::number).toList();
    assertThat(front).isNotEmpty();
    SweepPlan plan = plan("3", way);
    assertThat(fake.run(plan, 3).front()).extracting(Candidate::number).isEqualTo(front);
    assertThat(fake.resume(plan).front()).extracting(Candidate::number).isEqualTo(front);
  }

  @Test
  void theFrontHoldsWhomNoOtherIsBetterThanInAll() {
    SweepResults results = fake.run(plan("front", ""), 2);
    List<Objective> objectives = results.objectives();
    assertThat(results.front()).hasSizeBetween(2, 29);
    for (Candidate candidate : results.candidates()) {
      boolean beaten =
          results.candidates().stream()
              .anyMatch(
                  other ->
                      other.score() <= candidate.score()
                          && size(other, objectives) <= size(candidate, objectives)
                          && (other.score() < candidate.score()
                              || size(other, objectives) < size(candidate, objectives)));
      assertThat(results.front().contains(candidate)).isEqualTo(!beaten);
    }
  }

  private static double size(Candidate candidate, List<Objective> objectives) {
    return candidate.score(objectives.get(1), objectives.get(0));
  }

  /** On ZDT1 of four settings, whose front is at g = 1. */
  @Test
  void theParzenEstimatorFindsMoreOfTheFrontThanRandomSearch() {
    int wins = 0;
    for (int seed = 1; seed <= 10; seed++) {
      wins += volume(Strategy.TPE, seed) > volume(Strategy.RANDOM, seed) ? 1 : 0;
    }
    assertThat(wins).isGreaterThanOrEqualTo(9);
  }

  /** The area below (1, 6) that 60 candidates dominate. */
  private static double volume(Strategy strategy, long seed) {
    List<Axis> axes =
        IntStream.range(0, 4).mapToObj(i -> Axis.uniform("x" + i, 0, 1, null)).toList();
    Search search =
        Searches.of(
            strategy,
            new JobSpace(axes),
            seed,
            Pruning.NONE,
            2,
            (piece, candidate) -> candidate < 60);
    TreeMap<Double, Double> points = new TreeMap<>();
    while (search.hasMoreCandidates()) {
      Piece piece = (Piece) search.getCandidate().getValue();
      double[] x = piece.settings().values().stream().mapToDouble(JsonNode::doubleValue).toArray();
      double g = 1 + 3 * (x[1] + x[2] + x[3]);
      double second = g * (1 - Math.sqrt(x[0] / g));
      points.merge(x[0], second, Math::min);
      search.learn(piece.number(), new Outcome(List.of(x[0], second), 1, false));
    }
    double area = 0;
    double lowest = 6;
    for (Map.Entry<Double, Double> point : points.entrySet()) { // from left to right
      area += Math.max(0, lowest - point.getValue()) * (1 - point.getKey());
      lowest = Math.min(lowest, point.getValue());
    }
    return area;
  }

  /** Of which only the first objective is known. */
  @Test
  void anEarlierSweepOfTheFirstObjectiveHelps() {
    fake.run(Sweeps.in(dir, "budget: {candidates: 12}\n"), 2);
    SweepPlan plan = plan("helped", "strategy: tpe\nfrom: %s\n".formatted(dir.resolve("words")));
    SweepResults results = fake.run(plan, 2);
    assertThat(results.candidates()).hasSize(30).allMatch(Candidate::scored);
    assertThat(FakeTraining.ranking(fake.resume(plan))).isEqualTo(FakeTraining.ranking(results));
  }

  @Test
  void everyReportHasTheFront() throws IOException {
    SweepPlan plan = plan("report", "");
    SweepResults results = fake.run(plan, 2);
    int front = results.front().size();
    List<String> rows = Files.readAllLines(plan.folder().resolve("results.csv"));
    assertThat(rows.get(0)).contains(",model.hidden,parameters,front,seed.0");
    assertThat(rows).filteredOn(row -> row.contains(",true,")).hasSize(front);
    JsonNode json = Json.MAPPER.readTree(plan.folder().resolve("results.json").toFile());
    assertThat(json.at("/objective/metric").asText()).isEqualTo("validationLoss");
    assertThat(json.at("/objectives/1/metric").asText()).isEqualTo("parameters");
    assertThat(json.get("front")).hasSize(front);
    assertThat(json.at("/candidates/0/trials/0/measures/parameters").isNumber()).isTrue();
    String page = Files.readString(plan.folder().resolve("report.html"));
    assertThat(page.split("class='front'", -1)).hasSize(1 + front);
    assertThat(page).contains("<h2>Pareto front</h2>", "validationLoss by parameters");
  }

  @Test
  void timesFormTheFrontButSteerNothing() {
    SweepPlan plan =
        Sweeps.in(
            dir,
            "budget: {candidates: 4}\nobjectives: [{metric: validationLoss}, {metric: seconds}]\n");
    assertThat(plan.objectives()).hasSize(2);
    assertThat(plan.steering()).extracting(Objective::metric).containsExactly("validationLoss");
  }

  /** One after another, when all others have ended, and once; see {@link FakeTraining}. */
  @Test
  void timesAreMeasuredAloneAfterTheSearch() {
    String seconds = "objectives: [{metric: validationLoss}, {metric: seconds}]\n";
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 6}\n" + seconds, "training.epochs=9");
    AtomicInteger together = new AtomicInteger();
    List<Integer> others = Collections.synchronizedList(new ArrayList<>());
    fake.during =
        () -> {
          others.add(together.getAndIncrement());
          LockSupport.parkNanos(1_000_000);
          together.decrementAndGet();
        };
    SweepResults results = fake.run(plan, 3);
    assertThat(others.subList(6, 12)).containsOnly(0);
    assertThat(fake.trained.subList(6, 12))
        .extracting(job -> job.job().name() + " " + job.until())
        .containsExactly(
            IntStream.range(0, 6).mapToObj("00%s-alone 2"::formatted).toArray(String[]::new));
    Objective time = results.objectives().get(1);
    for (Candidate candidate : results.candidates()) {
      TrialJob job = fake.trained.get(6 + candidate.number());
      assertThat(candidate.score(time, results.objective()))
          .isCloseTo(9 * FakeTraining.size(job.job()), within(1e-9));
    }
    assertThat(plan.folder().resolve("trials/000-alone")).doesNotExist();
    List<Integer> front = results.front().stream().map(Candidate::number).toList();
    assertThat(fake.resume(plan).front()).extracting(Candidate::number).isEqualTo(front);
    assertThat(fake.trained).hasSize(12);
  }

  @Test
  void whoFailsAloneIsOnNoFront() {
    String seconds = "objectives: [{metric: validationLoss}, {metric: seconds}]\n";
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 2}\n" + seconds);
    Sweep sweep =
        fake.sweep(
            plan,
            new Sweep.Options(1, false, false),
            trial -> trial.job().name().equals("001-alone"));
    assertThat(sweep.run().front()).extracting(Candidate::number).containsExactly(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          objectives: [{metric: validationLoss}] | objectives is a list, but expected at least 2 entries.
          objectives: [{metric: validationLoss}, {metric: validationLoss}] | objectives[1].metric is "validationLoss" again; expected each metric once.
          objectives: [{metric: validationLoss}, {metric: size}] | objectives[1].metric is "size", which no job of this kind reports
          {objective: {metric: trainLoss}, objectives: [{metric: validationLoss}, {metric: parameters}]} | objective and objectives are given, but expected one of them
          {strategy: cma-es, objectives: [{metric: validationLoss}, {metric: parameters}]} | strategy cma-es follows one; expected tpe, random, sobol or grid
          """)
  void mistakesAreNamed(String lines, String message) {
    String yaml =
        lines.startsWith("{")
            ? lines.substring(1, lines.length() - 1).replace(", objectives", "\nobjectives")
            : lines;
    Sweeps.assertMistake(() -> Sweeps.in(dir, "budget: {candidates: 4}\n" + yaml), message);
  }
}
