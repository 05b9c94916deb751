package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.descry.engine.Engine;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepFileTest {
  private static final Path SCHEMA = Path.of("resources/schema/sweep.schema.json");

  @Test
  void whatIsLeftOutHasItsDefault() {
    SweepPlan plan = Sweeps.plan(Sweeps.yaml("budget: {candidates: 7}"));
    assertThat(plan.objective()).isEqualTo(new Objective("validationLoss", Metric.Goal.MINIMIZE));
    assertThat(plan.settings().strategy()).isEqualTo(Strategy.RANDOM);
    assertThat(plan.settings().workers(1)).isEqualTo(1);
    assertThat(plan.candidates()).isEqualTo(7);
    assertThat(plan.dimensions())
        .containsExactly(
            new Dimension("training.optimizer.learningRate", Dimension.Kind.LOG_UNIFORM),
            new Dimension("model.hidden", Dimension.Kind.INTEGER));
  }

  @Test
  void workersMayBeAsManyAsThereIsRoomFor() {
    SweepSettings auto =
        Sweeps.plan(Sweeps.yaml("budget: {candidates: 7}\nworkers: auto")).settings();
    assertThat(auto.threadsOfEach()).isEqualTo(1);
    assertThat(auto.workers(1)).isBetween(1, Engine.usualThreads());
    assertThat(auto.workers(1000)).isEqualTo(1);
    SweepSettings threads =
        Sweeps.plan(Sweeps.yaml("budget: {candidates: 7}\nworkers: auto\nthreads: 3")).settings();
    assertThat(threads.threadsOfEach()).isEqualTo(3);
  }

  @Test
  void aGridEndsByItself() {
    SweepPlan plan =
        Sweeps.plan(
            Sweeps.job(
                """
                strategy: grid
                search:
                  training.optimizer.learningRate: {logUniform: [1.0e-3, 1], points: 4}
                  model.hidden: {int: [4, 13], step: 2}
                  training.batchSize: {int: [1, 100], points: 3}
                  model.layers: {choice: [1, 2]}
                """));
    assertThat(plan.candidates()).isEqualTo(4 * 5 * 3 * 2);
    assertThat(plan.axes().get(0).samples())
        .extracting(value -> value.asDouble())
        .containsExactly(0.001, 0.01, 0.1, 1.0);
    assertThat(plan.axes().get(2).samples())
        .extracting(value -> value.asInt())
        .containsExactly(1, 51, 100);
  }

  @Test
  void theGoalFollowsTheMetric() {
    String budget = "budget: {time: 1h}\n";
    assertThat(goal(budget + "objective: {metric: validationPerplexity}"))
        .isEqualTo(Metric.Goal.MINIMIZE);
    assertThat(goal(budget + "objective: {metric: seconds, goal: maximize}"))
        .isEqualTo(Metric.Goal.MAXIMIZE);
  }

  private static Metric.Goal goal(String more) {
    return Sweeps.plan(Sweeps.yaml(more)).objective().goal();
  }

  @Test
  void repeatsHaveSeedsThatCandidatesShare() {
    SweepPlan plan = Sweeps.plan(Sweeps.yaml("budget: {candidates: 1}"));
    assertThat(plan.seed(0)).isEqualTo(3);
    assertThat(plan.seed(1)).isNotEqualTo(plan.seed(2)).isBetween(0L, (1L << 53) - 1);
  }

  /** Each mistake is one sentence that names the file, the key, the value and what is right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {} | search is {}, but expected at least 1 entry.
          {model.hidden: {}} | search.model.hidden: expected exactly one of logUniform, uniform, normal, choice, int, logInt.
          {model.hidden: {choice: []}} | search.model.hidden.choice is [], but expected at least 1 entry.
          {model.hidden: {int: [9, 3]}} | search.model.hidden: int is [9, 3], but expected the smaller bound first.
          {model.hidden: {int: [3]}} | int is a list, but expected at least 2 entries.
          {model.hidden: {int: [3, 5, 7]}} | int is a list, but expected at most 2 entries.
          {model.hidden: {choise: [3, 5]}} | unknown key search.model.hidden.choise; did you mean choice?
          {model.hidden: {int: [3, 9], step: 0}} | step is 0, but expected at least 1.
          {model.hidden: {int: [0, 9]}} | search.model.hidden: model.hidden is 0, but expected at least 1.
          {model.hidden: {uniform: [1, 9]}} | search.model.hidden: model.hidden is
          {model.hidden: {choice: [4, many]}} | search.model.hidden: model.hidden is "many", but expected a whole number.
          {model.hidden: {choice: [4, 4]}} | choice is [4, 4], but expected each value once.
          {training.l2: {uniform: [1, 0]}} | search.training.l2: uniform is [1.0, 0.0], but expected the smaller bound first.
          {training.l2: {uniform: [1, 1]}} | expected bounds that differ.
          {training.l2: {logUniform: [0, 1]}} | logUniform is [0.0, 1.0], but expected bounds above 0.
          {training.l2: {uniform: [0, 1], step: 2}} | step is given, but expected only with int.
          {training.lerningRate: {choice: [1]}} | search.training.lerningRate: unknown key training.lerningRate
          {training.optimizer.lerningRate: {choice: [1]}} | did you mean learningRate?
          {model.hidden.size: {choice: [1]}} | there is no model.hidden.size, for model.hidden is 4.
          {no path: {choice: [1]}} | "no path" is no key path
          {seed: {int: [1, 9]}} | search.seed: seed is not to be searched
          """)
  void mistakesInTheSearchAreNamed(String search, String message) {
    Sweeps.assertMistake(
        () -> Sweeps.plan(Sweeps.job("search: " + search + "\nbudget: {candidates: 3}")), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          workers: 2 | budget is empty, but expected candidates, time or both
          strategy: grid | search.training.optimizer.learningRate has a continuum of values, but expected points
          budget: {time: 5 minutes} | budget.time is "5 minutes", but expected a time such as 90s
          workers: many | workers is "many", but expected the number of trainings at the same time, each in a process of its own, or auto: as many as have a core for each thread and 2 GB of memory.
          workers: 1.5 | workers is 1.5, but expected the number of trainings at the same time
          workers: 0 | workers is 0, but expected at least 1.
          workers: 257 | workers is 257, but expected at most 256.
          budget: {candidates: 0} | budget.candidates is 0, but expected at least 1.
          budgt: {candidates: 4} | unknown key budgt; did you mean budget?
          strategy: gird | strategy is "gird", but expected one of random, grid, genetic, tpe, cma-es, sobol (did you mean grid?).
          objective: {goal: max} | objective.goal is "max", but expected one of minimize, maximize
          """)
  void mistakesInTheOtherKeysAreNamed(String line, String message) {
    Sweeps.assertMistake(() -> Sweeps.plan(Sweeps.yaml(line)), message);
  }

  @Test
  void anObjectiveThatNoSuchJobReportsIsNamed() {
    assertThatThrownBy(
            () ->
                Sweeps.plan(
                    Sweeps.yaml(
                        "budget: {candidates: 1}\nobjective: {metric: validationAccuracy}")))
        .hasMessage(
            "sweep.yaml: objective.metric is \"validationAccuracy\", which no job of this kind"
                + " reports; expected one of validationPerplexity, testLoss, perplexity, trainLoss,"
                + " validationLoss, parameters, multiplyAdds, seconds.");
  }

  @Test
  void theSweepFilesThatComeWithTheProgramAreSound() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("resources/sweeps"))) {
      assertThat(files.map(file -> SweepFile.read(file, List.of())))
          .allSatisfy(plan -> assertThat(plan.candidates()).isPositive());
    }
  }

  @Test
  void aPathThatMayBeTwoFilesIsRefusedBeforeAnythingRuns(@TempDir Path dir) throws IOException {
    Files.writeString(dir.resolve("pom.xml"), "a b");
    Path sweep =
        Files.writeString(
            dir.resolve("sweep.yaml"),
            Files.readString(Path.of("resources/sweeps/word-rnn.yaml"))
                .replace("builtin:two-sentences", "pom.xml"));
    assertThatThrownBy(() -> SweepFile.read(sweep, List.of()))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("data.path is pom.xml, which is both");
  }

  @Test
  void theCommittedSchemaIsTheGeneratedOne() throws IOException {
    String generated = SweepFile.schema();
    String committed = Files.exists(SCHEMA) ? Files.readString(SCHEMA) : "";
    if (!committed.equals(generated)) {
      Files.writeString(SCHEMA, generated);
      fail(SCHEMA + " was stale; it is written anew: commit it");
    }
  }
}
