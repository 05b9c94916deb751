package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.descry.DescryException;
import org.descry.train.job.Job;
import org.descry.train.job.JobFile;
import org.descry.train.job.LanguageSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole sweep, but for the training: that takes no time here. */
class SweepTest {
  private static final String BUDGET = "budget: {candidates: 14}\n";

  @TempDir Path dir;

  private final List<TrialJob> trained = Collections.synchronizedList(new ArrayList<>());

  /** Scores a job by its settings; what fails is up to the test. */
  private final class Trainer implements TrialRunner {
    private final Predicate<TrialJob> fails;

    Trainer(Predicate<TrialJob> fails) {
      this.fails = fails;
    }

    @Override
    public Optional<Trial> run(TrialJob trial) {
      trained.add(trial);
      if (fails.test(trial)) {
        return Optional.of(trial.failed(0.1, "It has diverged."));
      }
      try {
        Thread.sleep(Math.floorMod(trial.candidate() * 7, 5)); // finish in an order of their own
        Files.createDirectories(trial.folder());
        Files.writeString(trial.folder().resolve("model.zip"), trial.job().name());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Optional.of(trial.succeeded(score(trial.job()), 0.1, List.of()));
    }

    @Override
    public void close() {}
  }

  private static double score(Job job) {
    return Math.abs(Math.log10(job.training().optimizer().learningRate()) + 1)
        + ((LanguageSettings) job.model()).hidden() / 100.0
        + Math.floorMod(job.seed(), 10) / 1000.0;
  }

  private Sweep sweep(SweepPlan plan, Sweep.Options options, Predicate<TrialJob> fails) {
    return new Sweep(
        plan,
        options,
        SweepProgress.NONE,
        (workers, threads, retries, metric) -> new Trainer(fails));
  }

  private SweepResults run(SweepPlan plan, int workers) {
    return sweep(plan, new Sweep.Options(workers, false, false), trial -> false).run();
  }

  private SweepResults resume(SweepPlan plan) {
    return sweep(plan, new Sweep.Options(null, true, false), trial -> false).run();
  }

  private static List<String> ranking(SweepResults results) {
    return results.ranked().stream()
        .map(c -> c.number() + " " + c.settings() + " " + c.score() + " " + c.spread())
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void candidatesAndScoresAreTheSameForAnyNumberOfWorkers(Strategy strategy) {
    String more =
        BUDGET + "repeats: 2\nstrategy: " + strategy.name().toLowerCase(Locale.ROOT) + "\n";
    String rate = "search={training.optimizer.learningRate: {logUniform: [1e-3, 1], points: 9},";
    String search = rate + " model.hidden: {int: [4, 12], step: 2}}";
    List<String> alone = ranking(run(Sweeps.in(dir.resolve("1"), more, search), 1));
    assertThat(alone).hasSize(14);
    for (int workers : new int[] {2, 5}) {
      Path other = dir.resolve("" + workers);
      assertThat(ranking(run(Sweeps.in(other, more, search), workers))).isEqualTo(alone);
    }
  }

  @Test
  void theBestIsLeftAsAJobBesideItsModel() throws IOException {
    SweepResults results = run(Sweeps.in(dir, BUDGET + "repeats: 2\n"), 2);
    Candidate best = results.ranked().get(0);
    Job job = JobFile.read(dir.resolve("words/best.yaml")).job();
    assertThat(job.name()).isEqualTo("words-best");
    assertThat(job.seed()).isEqualTo(3);
    assertThat(job.training().optimizer().learningRate())
        .isEqualTo(best.settings().get("training.optimizer.learningRate").asDouble());
    assertThat(Files.readString(dir.resolve("words/model.zip")))
        .startsWith(String.format("%03d-", best.number()));
  }

  @Test
  void repeatsAreTrainedFromTheSameSeeds() {
    SweepResults results = run(Sweeps.in(dir, BUDGET + "repeats: 3\n"), 2);
    assertThat(results.candidates())
        .allSatisfy(
            candidate ->
                assertThat(candidate.trials())
                    .extracting(Trial::seed)
                    .isEqualTo(
                        results.candidates().get(0).trials().stream().map(Trial::seed).toList()));
  }

  /** Whatever is left of the journal: nothing is lost, and nothing is trained twice. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.2, 0.499, 0.5, 0.77, 0.99, 1})
  void aSweepThatWasKilledGoesOn(double share) throws IOException {
    String more = BUDGET + "strategy: genetic\n";
    SweepPlan whole = Sweeps.in(dir.resolve("whole"), more);
    List<String> expected = ranking(run(whole, 2));
    byte[] journal = Files.readAllBytes(whole.folder().resolve(Journal.NAME));

    SweepPlan cut = Sweeps.in(dir.resolve("cut"), more);
    Files.createDirectories(cut.folder());
    Files.write(
        cut.folder().resolve(Journal.NAME), Arrays.copyOf(journal, (int) (share * journal.length)));
    trained.clear();
    assertThat(ranking(resume(cut))).isEqualTo(expected);
    List<String> lines = Files.readAllLines(cut.folder().resolve(Journal.NAME));
    assertThat(lines).hasSize(1 + 14);
    assertThat(trained).extracting(TrialJob::candidate).doesNotHaveDuplicates();
    long kept = new String(Arrays.copyOf(journal, (int) (share * journal.length))).lines().count();
    assertThat(trained.size()).isBetween((int) Math.min(14, 15 - kept), (int) (16 - kept));
  }

  @Test
  void aJournalThatIsDamagedInTheMiddleIsNamed() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    run(plan, 1);
    Path journal = plan.folder().resolve(Journal.NAME);
    Files.writeString(journal, Files.readString(journal).replaceFirst("\"candidate\":1,", "x"));
    assertThatThrownBy(() -> resume(plan))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("journal.jsonl: line 3 is damaged");
  }

  @Test
  void aChangedSweepIsNotGoneOnWith() {
    run(Sweeps.in(dir, BUDGET), 1);
    assertThatThrownBy(() -> resume(Sweeps.in(dir, BUDGET, "training.epochs=3")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("sweep.yaml: training.epochs is 3, but the sweep of")
        .hasMessageContaining("was begun with 2");
    assertThatThrownBy(() -> resume(Sweeps.in(dir, BUDGET, "repeats=2")))
        .hasMessageContaining("repeats is 2");
    assertThat(resume(Sweeps.in(dir, "budget: {candidates: 16}", "workers=3")).candidates())
        .hasSize(16);
  }

  @Test
  void anEarlierSweepIsReplacedOnlyWhenAsked() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    run(plan, 1);
    assertThatThrownBy(() -> run(plan, 1)).hasMessageContaining("holds an earlier sweep");
    Path left = Files.writeString(plan.folder().resolve("trials/note"), "");
    sweep(plan, new Sweep.Options(null, false, true), trial -> false).run();
    assertThat(left).doesNotExist();
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    Path model = plan.folder().resolve("model.zip");
    Files.createDirectories(plan.folder());
    Files.writeString(model, "trained");
    assertThatThrownBy(
            () -> sweep(plan, new Sweep.Options(null, false, true), trial -> false).run())
        .hasMessageContaining("holds something else than a sweep");
    assertThat(model).hasContent("trained");
  }

  @Test
  void failuresCostOnlyThemselves() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    SweepResults results =
        sweep(plan, new Sweep.Options(2, false, false), t -> t.candidate() % 2 == 0).run();
    assertThat(results.candidates()).hasSize(14);
    assertThat(results.ranked().subList(0, 7)).allMatch(c -> c.number() % 2 == 1);
    assertThat(results.ranked().subList(7, 14)).allMatch(c -> Double.isNaN(c.score()));
    trained.clear();
    assertThat(ranking(resume(plan))).isEqualTo(ranking(results));
    assertThat(trained).isEmpty();
  }

  @Test
  void failuresInARowEndTheSweep() {
    SweepPlan plan = Sweeps.in(dir, BUDGET + "maxFailures: 3\n");
    Sweep failing = sweep(plan, new Sweep.Options(1, false, false), t -> t.candidate() > 1);
    assertThatThrownBy(failing::run)
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("The last 3 trainings failed")
        .hasMessageContaining("It has diverged.");
    assertThat(trained).hasSize(5);
  }

  @Test
  void whenAllFailThereIsNoBest() {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 4}\n");
    assertThatThrownBy(sweep(plan, new Sweep.Options(2, false, false), t -> true)::run)
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
    SweepResults results = run(plan, 1);
    assertThat(trained).hasSize(3);
    Candidate failed = results.ranked().get(3);
    assertThat(failed.settings()).containsEntry("training.warmUpEpochs", IntNode.valueOf(1));
    assertThat(failed.trials().get(0).failure()).contains("warmUpEpochs is 1.0, but expected 0");
  }

  @Test
  void aStoppedSweepGoesOn() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    AtomicInteger count = new AtomicInteger();
    Sweep[] running = new Sweep[1];
    running[0] =
        sweep(
            plan,
            new Sweep.Options(1, false, false),
            trial -> {
              if (count.incrementAndGet() == 5) {
                running[0].stop();
              }
              return false;
            });
    assertThatThrownBy(running[0]::run)
        .isInstanceOf(SweepStoppedException.class)
        .hasMessageContaining("Stopped after 5 candidates; --resume goes on with");
    assertThat(ranking(resume(plan)))
        .isEqualTo(ranking(run(Sweeps.in(dir.resolve("other"), BUDGET), 2)));
    assertThat(trained).hasSize(14 + 14);
  }

  @Test
  void whenTheTimeIsOverNoCandidateIsBegun() {
    SweepPlan plan = Sweeps.in(dir, "budget: {time: 1s}\n");
    SweepResults results =
        sweep(
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
    assertThat(ranking(resume(plan))).isEqualTo(ranking(results));
  }

  @Test
  void oneProcessAtATimeHoldsASweep() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    Sweep outer =
        sweep(
            plan,
            new Sweep.Options(1, false, false),
            trial -> {
              assertThatThrownBy(() -> resume(plan))
                  .hasMessageContaining("A sweep named words is running in")
                  .isInstanceOf(DescryException.class);
              return false;
            });
    assertThat(outer.run().candidates()).hasSize(14);
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
    new Sweep(
            plan,
            new Sweep.Options(null, false, false),
            progress,
            (workers, threads, retries, metric) -> new Trainer(t -> t.candidate() == 2))
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
