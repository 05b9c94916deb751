package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.descry.io.Json;
import org.descry.job.JobFile;
import org.descry.job.OptimizerSettings;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.report.SweepReport;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings that only some candidates have. */
class ConditionalSearchTest {
  private static final String TYPE = "training.optimizer.type";
  private static final String MOMENTUM = "training.optimizer.momentum";
  private static final String BETA = "training.optimizer.beta1";

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  private SweepPlan plan(String more, String... assignments) {
    String[] all =
        IntStream.rangeClosed(0, assignments.length)
            .mapToObj(i -> i == 0 ? "output.dir=" + dir : assignments[i - 1])
            .toArray(String[]::new);
    return Sweeps.plan(Sweeps.job(more), all);
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aSettingOfOneTypeIsDrawnForThatTypeAlone(Strategy strategy) {
    SweepPlan plan =
        plan(
            """
            search:
              training.optimizer.momentum: {uniform: [0.5, 0.95], points: 3}
              training.optimizer.type: {choice: [nesterov, adam]}
              training.optimizer.beta1: {choice: [0.8, 0.9]}
            budget: {candidates: 12}
            strategy: %s
            """
                .formatted(strategy));
    SweepResults results = fake.run(plan, 2);
    assertThat(results.candidates())
        .hasSize(strategy == Strategy.GRID ? 3 + 2 : 12)
        .allMatch(Candidate::scored)
        .allSatisfy(
            candidate -> {
              Map<String, JsonNode> settings = candidate.settings();
              boolean adam = settings.get(TYPE).asText().equals("adam");
              assertThat(settings.containsKey(MOMENTUM)).isEqualTo(!adam);
              assertThat(settings.containsKey(BETA)).isEqualTo(adam);
            });
    assertThat(fake.trained)
        .allSatisfy(
            trained -> {
              Map<String, JsonNode> settings =
                  results.candidates().get(trained.candidate()).settings();
              OptimizerSettings optimizer = trained.job().training().optimizer();
              if (optimizer instanceof OptimizerSettings.Nesterov nesterov) {
                assertThat(nesterov.momentum()).isEqualTo(settings.get(MOMENTUM).asDouble());
              } else {
                assertThat(((OptimizerSettings.Adam) optimizer).beta1())
                    .isEqualTo(settings.get(BETA).asDouble());
              }
            });
    assertThat(results.candidates()).extracting(Candidate::settings).doesNotHaveDuplicates();
    assertThat(FakeTraining.ranking(fake.resume(plan))).isEqualTo(FakeTraining.ranking(results));
  }

  @Test
  void whatTheChosenTypeLacksIsTakenOutOfTheJob() {
    SweepPlan plan =
        plan(
            "search: {training.optimizer.type: {choice: [sgd, adam]}}\nstrategy: grid\n",
            "training.optimizer={type: adam, learningRate: 0.02, beta1: 0.8}");
    assertThat(fake.run(plan, 1).candidates()).hasSize(2).allMatch(Candidate::scored);
    assertThat(fake.trained)
        .extracting(trained -> trained.job().training().optimizer())
        .satisfiesExactlyInAnyOrder(
            optimizer -> {
              assertThat(optimizer).isInstanceOf(OptimizerSettings.Sgd.class);
              assertThat(optimizer.learningRate()).isEqualTo(0.02);
            },
            optimizer ->
                assertThat(optimizer)
                    .isInstanceOfSatisfying(
                        OptimizerSettings.Adam.class,
                        adam -> assertThat(adam.beta1()).isEqualTo(0.8)));
  }

  @Test
  void conditionsOfTheFileHoldThroughOtherConditions() {
    SweepPlan plan =
        plan(
            """
            strategy: grid
            search:
              training.warmUpEpochs: {choice: [1, 2], when: {model.hidden: [8, 12]}}
              model.hidden: {int: [4, 12], step: 4, when: {model.layers: 2}}
              model.layers: {choice: [1, 2, 3]}
              training.epochs: {choice: [5, 6]}
            """);
    // layers 1, 3; layers 2 with hidden 4; with hidden 8 and 12, each with two warm-ups; all twice
    assertThat(plan.candidates()).isEqualTo(2 * (2 + 1 + 2 * 2));
    SweepResults results = fake.run(plan, 3);
    assertThat(results.candidates()).hasSize(14);
    for (Candidate candidate : results.candidates()) {
      Map<String, JsonNode> settings = candidate.settings();
      boolean deep = settings.get("model.layers").asInt() == 2;
      assertThat(settings.containsKey("model.hidden")).isEqualTo(deep);
      assertThat(settings.containsKey("training.warmUpEpochs"))
          .isEqualTo(deep && settings.get("model.hidden").asInt() > 4);
    }
  }

  /** In conditions and in the queue as anywhere: 4 is 4.0. */
  @Test
  void aConditionHoldsForAnEqualNumberHoweverItIsWritten() {
    SweepPlan plan =
        plan(
            """
            search:
              training.l2: {choice: [0.0, 0.5]}
              model.hidden: {choice: [4, 8], when: {training.l2: 0}}
              training.batchSize: {choice: [1, 2], when: {model.hidden: [4.0], training.l2: 0.0}}
            strategy: grid
            enqueue:
              - {training.l2: 0, model.hidden: 4, training.batchSize: 2}
            """);
    assertThat(fake.run(plan, 1).candidates())
        .extracting(candidate -> candidate.settings().toString())
        .containsExactlyInAnyOrder(
            "{training.l2=0.0, model.hidden=4, training.batchSize=2}",
            "{training.l2=0.0, model.hidden=4, training.batchSize=1}",
            "{training.l2=0.0, model.hidden=8}",
            "{training.l2=0.5}");
  }

  @Test
  void aWholeSectionCanBeChosenAndOneOfItsKindsSearchedOn() {
    SweepPlan plan =
        plan(
            """
            strategy: grid
            search:
              training.optimizer.momentum: {choice: [0.5, 0.6, 0.7]}
              training.optimizer:
                choice: [{type: nesterov, learningRate: 0.1}, {type: sgd, learningRate: 0.1}]
            """);
    assertThat(plan.candidates()).isEqualTo(4);
    assertThat(fake.run(plan, 1).candidates()).hasSize(4).allMatch(Candidate::scored);
  }

  @Test
  void reportsHaveAbsentSettingsAsAbsent() throws IOException {
    List<Candidate> candidates =
        IntStream.range(0, 24)
            .mapToObj(
                number -> {
                  double momentum = number / 30.0;
                  Map<String, JsonNode> settings =
                      number % 2 == 0
                          ? Map.of(TYPE, TextNode.valueOf("adam"))
                          : Map.of(
                              TYPE,
                              TextNode.valueOf("nesterov"),
                              MOMENTUM,
                              DoubleNode.valueOf(momentum));
                  double score = number % 2 == 0 ? 0.2 : momentum;
                  return new Candidate(
                      number, settings, List.of(SyntheticSweep.success(0, score, dir)));
                })
            .toList();
    SweepResults results =
        new SweepResults(
            "conditional",
            "random",
            List.of(new Objective("validationAccuracy", Metric.Goal.MAXIMIZE)),
            List.of(
                new Dimension(TYPE, Dimension.Kind.CHOICE),
                new Dimension(MOMENTUM, Dimension.Kind.UNIFORM)),
            candidates,
            1);
    SweepReport.write(results, dir);
    List<String> rows = Files.readAllLines(dir.resolve("results.csv"));
    assertThat(rows).anyMatch(row -> row.contains(",adam,,1,")).hasSize(25);
    JsonNode json = Json.MAPPER.readTree(dir.resolve("results.json").toFile());
    for (JsonNode candidate : json.get("candidates")) {
      JsonNode settings = candidate.get("settings");
      assertThat(settings.has(MOMENTUM)).isEqualTo(settings.get(TYPE).asText().equals("nesterov"));
    }
    assertThat(json.at("/importance/drops").get(MOMENTUM).asDouble()).isPositive();
    String page = Files.readString(dir.resolve("report.html"));
    // a line of two pieces, about the axis that the candidate has no place on
    assertThat(page)
        .containsPattern("data-c='0' style='[^']*'><title>[^<]*</title><polyline [^>]*/><polyline");
    assertThat(page).doesNotContainPattern("points='[^']*NaN");
  }

  @Test
  void aJournalOfASweepWithoutConditionsGoesOn() throws IOException {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 4}\n");
    fake.run(plan, 1);
    assertThat(plan.folder().resolve(Journal.NAME)).content().doesNotContain("when");
    assertThat(fake.resume(plan).candidates()).hasSize(4);
  }

  @Test
  void theSpaceIsTriedOnTheJobAsItIs() {
    assertThat(JobFile.parse("job", "model: {type: convnet}").knows("model.stages[0].filters"))
        .isTrue();
    assertThat(JobFile.parse("job", "model: {type: language-rnn}").knows("model.stages")).isFalse();
    assertThat(JobFile.parse("job", "{}").knows("training.optimizer.beta1")).isTrue();
    assertThat(JobFile.parse("job", "{}").knows("training.optimizer.momentum")).isFalse();
    assertThat(JobFile.parse("job", "{}").namesKind("training.optimizer.schedule.type")).isTrue();
    assertThat(JobFile.parse("job", "{}").namesKind("training.epochs")).isFalse();
  }
}
