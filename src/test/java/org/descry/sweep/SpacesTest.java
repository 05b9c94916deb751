package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.DescryException;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.trial.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is searched: kinds of values, constraints, and what is known before the search. */
class SpacesTest {
  private static final String RATE = "training.optimizer.learningRate";
  private static final String HIDDEN = "model.hidden";
  private static final int DRAWS = 4000;

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  private static List<Double> draws(Axis axis) {
    JobSpace space = new JobSpace(List.of(axis));
    SplittableRandom random = new SplittableRandom(1);
    return IntStream.range(0, DRAWS)
        .mapToObj(i -> space.getValue(new double[] {random.nextDouble()}))
        .map(settings -> settings.get("x").doubleValue())
        .toList();
  }

  @Test
  void normalValuesLieAboutTheirMeanAndNeverFarAway() {
    List<Double> draws = draws(Axis.normal("x", 5, 2, null));
    assertThat(draws).allMatch(x -> x >= -1 && x <= 11);
    assertThat(draws).filteredOn(x -> Math.abs(x - 5) < 2).hasSizeBetween(2640, 2840); // 68.4%
    assertThat(Axis.normal("x", 5, 2, null).samples())
        .extracting(JsonNode::doubleValue)
        .startsWith(-1.0)
        .endsWith(11.0);
  }

  @Test
  void ordersOfMagnitudeOfWholeNumbersAreEquallyLikely() {
    Map<Double, Long> counts =
        new TreeMap<>(
            draws(Axis.logIntegers("x", 1, 64, null)).stream()
                .collect(Collectors.groupingBy(x -> x, Collectors.counting())));
    assertThat(counts).hasSizeGreaterThan(50).containsKeys(1.0, 64.0);
    long small =
        counts.entrySet().stream().filter(e -> e.getKey() <= 8).mapToLong(e -> e.getValue()).sum();
    assertThat(small).isBetween(2200L, 2500L); // log(8.5 / 0.5) / log(64.5 / 0.5) = 58%
  }

  @ParameterizedTest
  @CsvSource({"uniform", "logUniform", "normal", "int", "logInt", "choice", "ordered"})
  void aValueIsFoundAgain(String kind) {
    Axis axis =
        switch (kind) {
          case "uniform" -> Axis.uniform("x", -1, 3, null);
          case "logUniform" -> Axis.logUniform("x", 1e-4, 3, null);
          case "normal" -> Axis.normal("x", 0, 1, null);
          case "int" -> Axis.integers("x", 3, 30, 3, null);
          case "logInt" -> Axis.logIntegers("x", 2, 300, null);
          default ->
              Axis.choice(
                  "x",
                  List.of(IntNode.valueOf(7), IntNode.valueOf(2), IntNode.valueOf(9)),
                  kind.equals("ordered"));
        };
    JobSpace space = new JobSpace(List.of(axis));
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 300; i++) {
      Map<String, JsonNode> drawn = space.getValue(new double[] {random.nextDouble()});
      assertThat(space.getValue(space.places(drawn).orElseThrow())).isEqualTo(drawn);
    }
    assertThat(space.places(Map.of("x", IntNode.valueOf(1000)))).isEmpty();
    assertThat(space.places(Map.of("y", IntNode.valueOf(3)))).isEmpty();
  }

  private SweepPlan plan(String more) {
    return Sweeps.in(dir, more);
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void noCandidateBreaksAConstraint(Strategy strategy) {
    String search = "search={training.optimizer.learningRate: {logUniform: [1e-3, 1], points: 9},";
    SweepPlan plan =
        Sweeps.in(
            dir,
            """
            budget: {candidates: 14}
            strategy: %s
            require:
              - model.hidden <= 100 * training.optimizer.learningRate
              - (model.hidden + training.batchSize) * 2 >= 10 - 0.5e0 / 2
            """
                .formatted(strategy),
            search + " model.hidden: {int: [4, 12], step: 2}}");
    SweepResults results = fake.run(plan, 2);
    assertThat(results.candidates())
        .hasSizeGreaterThan(8)
        .allSatisfy(
            c ->
                assertThat(c.settings().get(HIDDEN).asDouble())
                    .isLessThanOrEqualTo(100 * c.settings().get(RATE).asDouble() + 1e-9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model.hidden | "model.hidden" has an end, but expected one of <, <=, >, >=, ==, !=.
          model.hidden <= | "model.hidden <=" has an end, but expected a number or a key of the job.
          model.hidden <= 3 3 | has "3", but expected its end.
          model.hidden <= (3 | has an end, but expected a ).
          model.hidden <= 3 & 4 | has "& 4", but expected a number, a key
          model.hiden <= 3 | model.hiden is no key of the job, but expected a number.
          model.type <= 3 | model.type is "language-rnn", but expected a number.
          model.hidden > 12 | require: model.hidden > 12: none of 20,000 candidates keeps to it; expected some that do.
          model.hidden > 8', 'model.hidden < 8 | model.hidden > 8, model.hidden < 8: none of 20,000 candidates
          """)
  void constraintsThatCannotHoldAreNamed(String constraint, String message) {
    assertThatThrownBy(
            () -> plan("budget: {candidates: 3}\nrequire: ['%s']\n".formatted(constraint)))
        .isInstanceOf(DescryException.class)
        .hasMessageStartingWith("sweep.yaml: require: ")
        .hasMessageContaining(message);
  }

  @Test
  void aConstraintAloneNeedsNoList() {
    String budget = "budget: {candidates: 3}\n";
    SweepPlan alone = plan(budget + "require: model.hidden <= 8");
    assertThat(alone.settings().require()).containsExactly("model.hidden <= 8");
    assertThat(SweepRecord.of(alone))
        .isEqualTo(SweepRecord.of(plan(budget + "require: [model.hidden <= 8]")));
    assertThatThrownBy(() -> plan(budget + "require: model.hiden <= 8"))
        .hasMessage(
            "sweep.yaml: require: model.hiden <= 8: model.hiden is no key of the job, but"
                + " expected a number.");
    assertThatThrownBy(() -> plan(budget + "require: 8"))
        .hasMessageContaining(
            "require is 8, but expected what candidates have to obey, such as model.hidden <= 4 *"
                + " model.embedding: ");
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void queuedCandidatesComeFirstAndOnce(Strategy strategy) {
    SweepPlan plan =
        Sweeps.in(
            dir,
            """
            budget: {candidates: 12}
            strategy: %s
            enqueue:
              - {training.optimizer.learningRate: 0.01, model.hidden: 8}
              - {model.hidden: 4, training.optimizer.learningRate: 0.1}
              - {model.hidden: 4, training.optimizer.learningRate: 0.1}
            """
                .formatted(strategy),
            "search={training.optimizer.learningRate: {logUniform: [1e-3, 1], points: 4},"
                + " model.hidden: {int: [4, 12], step: 4}}");
    List<Candidate> candidates = fake.run(plan, 2).candidates();
    assertThat(candidates.get(0).settings().toString())
        .isEqualTo("{training.optimizer.learningRate=0.01, model.hidden=8}");
    assertThat(candidates.get(1).settings().toString())
        .isEqualTo("{training.optimizer.learningRate=0.1, model.hidden=4}");
    assertThat(candidates).hasSize(12).extracting(Candidate::settings).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {model.hidden: 5, training.optimizer.learningRate: 0.1} | enqueue[1]: model.hidden is 5, but expected a whole number from 4 to 12 in steps of 2.
          {model.hidden: 4} | enqueue[1]: training.optimizer.learningRate is absent; expected a value.
          {model.hidden: 4, training.optimizer.learningRate: 9} | learningRate is 9, but expected a number from 0.001 to 1.0.
          {model.hidden: 4, training.optimizer.learningRate: 0.1, training.l2: 1} | training.l2 is not searched; expected searched settings.
          """)
  void mistakesInTheQueueAreNamed(String candidate, String message) {
    String good = "{model.hidden: 4, training.optimizer.learningRate: 0.1}";
    Sweeps.assertMistake(
        () -> plan("budget: {candidates: 3}\nenqueue: [%s, %s]\n".formatted(good, candidate)),
        message);
  }

  @ParameterizedTest
  @CsvSource({"tpe", "genetic", "cma-es"})
  void anEarlierSweepHelps(String strategy) {
    fake.run(Sweeps.in(dir, "budget: {candidates: 40}\n"), 2);
    String more = "budget: {candidates: 8}\nstrategy: " + strategy + "\nname: again\n";
    SweepPlan alone =
        Sweeps.plan(Sweeps.yaml("").replace("name: words", more), in(dir.resolve("a")));
    SweepPlan helped =
        Sweeps.plan(
            Sweeps.yaml("from: %s\n".formatted(dir.resolve("words"))).replace("name: words", more),
            in(dir));
    double best = best(fake.run(alone, 2));
    SweepResults results = fake.run(helped, 2);
    if (!strategy.equals("genetic")) { // whose children vary much
      assertThat(mean(results)).isLessThan(mean(fake.run(copy(alone, "b"), 1)));
    }
    assertThat(best(results)).isLessThanOrEqualTo(best + 0.05);
    assertThat(results.candidates()).hasSize(8);
    assertThat(FakeTraining.ranking(fake.resume(helped))).isEqualTo(FakeTraining.ranking(results));
  }

  private SweepPlan copy(SweepPlan plan, String folder) {
    return Sweeps.plan(
        Sweeps.yaml("")
            .replace(
                "name: words",
                "budget: {candidates: 8}\nstrategy: %s\nname: again\n"
                    .formatted(plan.settings().strategy())),
        in(dir.resolve(folder)));
  }

  private static String in(Path folder) {
    return "output.dir=" + folder;
  }

  private static double best(SweepResults results) {
    return results.candidates().stream()
        .map(Candidate::score)
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static double mean(SweepResults results) {
    return results.candidates().stream().mapToDouble(Candidate::score).average().orElseThrow();
  }

  @Test
  void anEarlierSweepThatSaysNothingIsNamed() {
    assertThatThrownBy(() -> plan("budget: {candidates: 3}\nfrom: runs/other\n"))
        .hasMessageContaining("strategy random learns nothing; expected tpe, cma-es or genetic");
    SweepPlan missing = plan("budget: {candidates: 3}\nstrategy: tpe\nfrom: nowhere\n");
    assertThatThrownBy(() -> fake.run(missing, 1))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("nowhere");
  }
}
