package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.descry.DescryException;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;
import org.descry.train.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole sweep, but for the training: that takes no time here. */
class SweepTest {
  private static final String BUDGET = "budget: {candidates: 14}\n";

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void candidatesAndScoresAreTheSameForAnyNumberOfWorkers(Strategy strategy) {
    String more = BUDGET + "repeats: 2\nstrategy: " + strategy + "\n";
    String rate = "search={training.optimizer.learningRate: {logUniform: [1e-3, 1], points: 9},";
    String search = rate + " model.hidden: {int: [4, 12], step: 2}}";
    List<String> alone =
        FakeTraining.ranking(fake.run(Sweeps.in(dir.resolve("1"), more, search), 1));
    assertThat(alone).hasSize(14);
    for (int workers : new int[] {2, 5}) {
      Path other = dir.resolve("" + workers);
      assertThat(FakeTraining.ranking(fake.run(Sweeps.in(other, more, search), workers)))
          .isEqualTo(alone);
    }
  }

  @Test
  void thereIsAReportWhileItGoesOn() {
    List<Boolean> there = Collections.synchronizedList(new ArrayList<>());
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    fake.during = () -> there.add(Files.exists(plan.folder().resolve("report.html")));
    fake.run(plan, 1);
    assertThat(there).hasSize(14).startsWith(false).endsWith(true);
    assertThat(plan.folder().resolve("report.html")).content().doesNotContain("location.reload");
  }

  @Test
  void theBestIsLeftAsAJobBesideItsModel() throws IOException {
    SweepResults results = fake.run(Sweeps.in(dir, BUDGET + "repeats: 2\n"), 2);
    Candidate best = results.ranked().get(0);
    Job job = JobFile.read(dir.resolve("words/best.yaml")).job();
    assertThat(job.name()).isEqualTo("words-best");
    assertThat(job.seed()).isEqualTo(3);
    assertThat(job.training().optimizer().learningRate())
        .isEqualTo(best.settings().get("training.optimizer.learningRate").asDouble());
    assertThat(Files.readString(dir.resolve("words/model.zip")))
        .startsWith(String.format("%03d-", best.number()));
  }

  /** Found before anything is written, whatever is searched. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.path=/nowhere/text.txt",
        "data={source: text, path: %s/empty.txt}",
        "data={source: text, path: %s}",
        "model.hidden=1000000"
      })
  void whatEveryCandidateWouldFailAtEndsItBeforeTheFirst(String mistake) throws IOException {
    Files.createFile(dir.resolve("empty.txt"));
    String search = "search={training.optimizer.learningRate: {logUniform: [1e-3, 1]}}";
    SweepPlan plan = Sweeps.in(dir, BUDGET, search, mistake.formatted(dir));
    JobFile job = plan.file();
    assertThatThrownBy(() -> Kinds.load(job.job(), Task.Limits.NONE))
        .isInstanceOf(DescryException.class)
        .satisfies(
            alone ->
                assertThatThrownBy(() -> fake.run(plan, 1))
                    .hasSameClassAs(alone)
                    .hasMessage(alone.getMessage()));
    assertThat(fake.trained).isEmpty();
    assertThat(plan.folder()).doesNotExist();
  }

  @Test
  void aMistakeOfTheJobThatSomeCandidatesDoNotShareEndsNothing() {
    String search = "search={model.hidden: {choice: [4, 1000000]}}";
    String more = BUDGET + "strategy: grid\n";
    assertThat(fake.run(Sweeps.in(dir, more, search, "model.hidden=1000000"), 1).candidates())
        .hasSize(2);
  }

  @Test
  void repeatsAreTrainedFromTheSameSeeds() {
    SweepResults results = fake.run(Sweeps.in(dir, BUDGET + "repeats: 3\n"), 2);
    assertThat(results.candidates())
        .allSatisfy(
            candidate ->
                assertThat(candidate.trials())
                    .extracting(Trial::seed)
                    .isEqualTo(
                        results.candidates().get(0).trials().stream().map(Trial::seed).toList()));
  }

  @Test
  void failuresCostOnlyThemselves() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    SweepResults results =
        fake.sweep(plan, new Sweep.Options(2, false, false), t -> t.candidate() % 2 == 0).run();
    assertThat(results.candidates()).hasSize(14);
    assertThat(results.ranked().subList(0, 7)).allMatch(c -> c.number() % 2 == 1);
    assertThat(results.ranked().subList(7, 14)).allMatch(c -> Double.isNaN(c.score()));
    fake.trained.clear();
    assertThat(FakeTraining.ranking(fake.resume(plan))).isEqualTo(FakeTraining.ranking(results));
    assertThat(fake.trained).isEmpty();
  }

  @Test
  void aCandidateThatFailedInPartIsRankedBehindWholeOnesAndMarkedSo() throws IOException {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 6}\nrepeats: 2\nmaxFailures: 9\n");
    SweepResults whole = fake.run(plan, 1);
    int best = whole.ranked().get(0).number();
    SweepPlan again = Sweeps.in(dir.resolve("partly"), "budget: {candidates: 6}\nrepeats: 2\n");
    SweepResults results =
        fake.sweep(
                again,
                new Sweep.Options(1, false, false),
                t -> t.candidate() == best && t.repeat() == 1)
            .run();
    Candidate partly = results.ranked().get(5);
    assertThat(partly.number()).isEqualTo(best);
    assertThat(partly.score()).isLessThan(results.ranked().get(0).score());
    assertThat(Files.readString(again.folder().resolve("model.zip")))
        .startsWith(String.format("%03d-", results.ranked().get(0).number()));
    assertThat(Files.readAllLines(again.folder().resolve("results.csv")).get(6))
        .startsWith("6," + best + ",")
        .contains(",partly failed,It has diverged.,");
    assertThat(Files.readString(again.folder().resolve("results.json")))
        .contains("\"status\" : \"partly failed\"");
    assertThat(Files.readString(again.folder().resolve("report.html")))
        .contains("1 of 2 trainings failed", "class='candidate partial'", "<b>partly failed</b>");
  }

  @Test
  void failuresInARowEndTheSweep() {
    SweepPlan plan = Sweeps.in(dir, BUDGET + "maxFailures: 3\n");
    Sweep failing = fake.sweep(plan, new Sweep.Options(1, false, false), t -> t.candidate() > 1);
    assertThatThrownBy(failing::run)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("The last 3 trainings failed")
        .hasMessageContaining("It has diverged.");
    assertThat(fake.trained).hasSize(5);
  }

  @Test
  void whenAllFailThereIsNoBest() {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 4}\n");
    assertThatThrownBy(fake.sweep(plan, new Sweep.Options(2, false, false), t -> true)::run)
        .isInstanceOf(DescryException.class)
        .hasMessage("All 4 candidates failed, the last one: It has diverged.");
    assertThat(plan.folder().resolve("best.yaml")).doesNotExist();
  }

  @Test
  void settingsThatDoNotGoTogetherFailWithoutATraining() {
    SweepPlan plan =
        Sweeps.plan(
            Sweeps.job(
                """
                strategy: grid
                search:
                  training.warmUpEpochs: {choice: [0, 1]}
                  training.optimizer.schedule.type: {choice: [constant, one-cycle]}
                """),
            "output.dir=" + dir);
    SweepResults results = fake.run(plan, 1);
    assertThat(fake.trained).hasSize(3);
    Candidate failed = results.ranked().get(3);
    assertThat(failed.settings()).containsEntry("training.warmUpEpochs", IntNode.valueOf(1));
    assertThat(failed.trials().get(0).failure()).contains("warmUpEpochs is 1.0, but expected 0");
  }

  @Test
  void whenTheTimeIsOverNoCandidateIsBegun() {
    SweepPlan plan = Sweeps.in(dir, "budget: {time: 1s}\n");
    SweepResults results =
        fake.sweep(
                plan,
                new Sweep.Options(1, false, false),
                trial -> {
                  try {
                    Thread.sleep(400);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  return false;
                })
            .run();
    assertThat(results.candidates().size()).isBetween(1, 3);
    assertThat(FakeTraining.ranking(fake.resume(plan))).isEqualTo(FakeTraining.ranking(results));
  }

  @Test
  void theStandingIsTold() {
    List<SweepProgress.State> states = Collections.synchronizedList(new ArrayList<>());
    List<SweepProgress.Plan> plans = new ArrayList<>();
    SweepProgress progress =
        new SweepProgress() {
          @Override
          public void started(Plan plan) {
            plans.add(plan);
          }

          @Override
          public void candidate(Candidate candidate, State state) {
            states.add(state);
          }
        };
    SweepPlan plan = Sweeps.in(dir, BUDGET + "workers: 2\nthreads: 3\n");
    fake.sweep(plan, new Sweep.Options(null, false, false), progress, t -> t.candidate() == 2)
        .run();
    assertThat(plans)
        .containsExactly(
            new SweepProgress.Plan("words", "random", plan.objective(), 14, 1, 2, 3, 0));
    SweepProgress.State last = states.get(13);
    assertThat(last.done()).isEqualTo(14);
    assertThat(last.failed()).isEqualTo(1);
    assertThat(last.secondsLeft()).isZero();
    assertThat(Map.of("best", last.bestCandidate())).doesNotContainValue(2);
  }
}
