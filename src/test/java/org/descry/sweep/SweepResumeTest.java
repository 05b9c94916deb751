package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.OutputSettings;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.worker.TrialJob;
import org.descry.train.Training.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps that were interrupted and go on. */
class SweepResumeTest {
  private static final String BUDGET = "budget: {candidates: 14}\n";

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  /** Whatever is left of the journal: nothing is lost, and nothing is trained twice. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.2, 0.499, 0.5, 0.77, 0.99, 1})
  void aSweepThatWasKilledGoesOn(double share) throws IOException {
    String more = BUDGET + "strategy: genetic\n";
    SweepPlan whole = Sweeps.in(dir.resolve("whole"), more);
    List<String> expected = FakeTraining.ranking(fake.run(whole, 2));
    byte[] journal = Files.readAllBytes(whole.folder().resolve(Journal.NAME));

    SweepPlan cut = Sweeps.in(dir.resolve("cut"), more);
    Files.createDirectories(cut.folder());
    Files.write(
        cut.folder().resolve(Journal.NAME), Arrays.copyOf(journal, (int) (share * journal.length)));
    fake.trained.clear();
    assertThat(FakeTraining.ranking(fake.resume(cut))).isEqualTo(expected);
    List<String> lines = Files.readAllLines(cut.folder().resolve(Journal.NAME));
    assertThat(lines).hasSize(1 + 14 + 1).last().asString().startsWith("{\"ended\":");
    assertThat(fake.trained).extracting(TrialJob::candidate).doesNotHaveDuplicates();
    long kept = new String(Arrays.copyOf(journal, (int) (share * journal.length))).lines().count();
    assertThat(fake.trained.size()).isBetween((int) Math.min(14, 15 - kept), (int) (16 - kept));
  }

  /** JSON, but none that a sweep writes. */
  @ParameterizedTest
  @ValueSource(
      strings = {"null", "[]", "7", "{}", "{\"alone\":-1,\"seconds\":2}", "{\"alone\":\"x\"}"})
  void aLineOfSomethingElseIsNamed(String line) throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    fake.run(plan, 1);
    Path journal = plan.folder().resolve(Journal.NAME);
    List<String> lines = Files.readAllLines(journal);
    for (int at : new int[] {2, 0}) {
      lines.set(at, line);
      Files.write(journal, lines);
      assertThatThrownBy(() -> fake.resume(plan))
          .isInstanceOf(DescryException.class)
          .hasMessageContaining("journal.jsonl: line " + (at + 1) + " is damaged");
    }
    Files.writeString(journal, "\n");
    assertThatThrownBy(() -> fake.resume(plan))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("journal.jsonl: line 1 is damaged");
  }

  @Test
  void aSecondProgramOnTheFolderIsRefusedAndHarmsNothing() {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 3}\n");
    List<String> refused = new ArrayList<>();
    fake.during =
        () -> {
          for (Sweep.Options options :
              List.of(
                  new Sweep.Options(1, false, false),
                  new Sweep.Options(1, true, false),
                  new Sweep.Options(1, false, true))) {
            Sweep second =
                new Sweep(
                    plan,
                    options,
                    SweepProgress.NONE,
                    (workers, threads, retries, metrics) -> {
                      throw new AssertionError("it runs");
                    });
            assertThatThrownBy(second::run)
                .isInstanceOf(DescryException.class)
                .satisfies(e -> refused.add(e.getMessage()));
          }
        };
    List<String> ranking = FakeTraining.ranking(fake.run(plan, 1));
    assertThat(refused)
        .hasSize(9)
        .containsOnly(
            "A sweep named words is running in %s already; expected one at a time: wait for it or set another name."
                .formatted(dir.toAbsolutePath()));
    fake.during = () -> {};
    assertThat(
            FakeTraining.ranking(
                fake.run(Sweeps.in(dir.resolve("alone"), "budget: {candidates: 3}\n"), 1)))
        .isEqualTo(ranking);
  }

  @Test
  void aJournalThatIsDamagedInTheMiddleIsNamed() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    fake.run(plan, 1);
    Path journal = plan.folder().resolve(Journal.NAME);
    String whole = Files.readString(journal);
    for (String damage : List.of("x", "\"candidate\":-1,")) {
      Files.writeString(journal, whole.replaceFirst("\"candidate\":1,", damage));
      assertThatThrownBy(() -> fake.resume(plan))
          .isInstanceOf(DescryException.class)
          .hasMessageContaining("journal.jsonl: line 3 is damaged");
    }
  }

  @Test
  void changedDataAreNotGoneOnWith() throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), "a b c d\ne f g h\n");
    fake.run(Sweeps.in(dir, BUDGET, "data.path=" + text), 1);
    SweepPlan more = Sweeps.in(dir, "budget: {candidates: 20}\n", "data.path=" + text);
    Path journal = more.folder().resolve(Journal.NAME);
    String before = Files.readString(journal);
    Files.writeString(text, "a b d c\ne f g h\n");
    assertThatThrownBy(() -> fake.resume(more))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "sweep.yaml: the data have changed since the sweep of %s was begun, so that scores"
                + " before and after would not compare; expected the same to --resume it, or"
                + " --force to begin anew.",
            journal);
    assertThat(journal).hasContent(before);
    Files.writeString(text, "a b c d\ne f g h\n");
    assertThat(fake.resume(more).candidates()).hasSize(20);
  }

  @Test
  void otherWeightsToStartFromAreNotGoneOnWith() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    var then = new SharedMistakes.Read("a", Map.of("model.initFrom", "b"));
    var now = new SharedMistakes.Read("a", Map.of("model.initFrom", "c"));
    JsonNode begun = SweepRecord.begun(plan, Optional.of(then));
    SweepRecord.requireSame(plan, begun, dir);
    SweepRecord.requireSameData(plan, then, begun, dir);
    assertThatThrownBy(() -> SweepRecord.requireSameData(plan, now, begun, dir))
        .isInstanceOf(DataException.class)
        .hasMessageMatching("sweep.yaml: model.initFrom: .* holds other weights .* since the.*");
  }

  @Test
  void aChangedSweepIsNotGoneOnWith() {
    fake.run(Sweeps.in(dir, BUDGET), 1);
    assertThatThrownBy(() -> fake.resume(Sweeps.in(dir, BUDGET, "training.epochs=3")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("sweep.yaml: training.epochs is 3, but the sweep of")
        .hasMessageContaining("was begun with 2");
    assertThatThrownBy(() -> fake.resume(Sweeps.in(dir, BUDGET, "repeats=2")))
        .hasMessageContaining("repeats is 2");
    assertThat(fake.resume(Sweeps.in(dir, "budget: {candidates: 16}", "workers=3")).candidates())
        .hasSize(16);
  }

  /** What the search learnt when a process had died stays, so that it proposes the same again. */
  @ParameterizedTest
  @ValueSource(strings = {"random", "genetic"})
  void aTrainingWhoseProcessDiedIsTriedAgain(String strategy) throws IOException {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 24}\nstrategy: " + strategy + "\n");
    Predicate<TrialJob> dies = trial -> trial.candidate() % 9 == 4;
    SweepResults first = fake.dying(plan, new Sweep.Options(2, false, false), dies).run();
    assertThat(first.candidates()).filteredOn(c -> !c.scored()).hasSize(3);
    fake.trained.clear();
    SweepResults second =
        fake.dying(plan, new Sweep.Options(2, true, false), t -> t.candidate() == 13).run();
    assertThat(fake.trained).extracting(TrialJob::candidate).containsExactlyInAnyOrder(4, 13, 22);
    assertThat(second.candidates())
        .extracting(Candidate::settings)
        .isEqualTo(first.candidates().stream().map(Candidate::settings).toList());
    assertThat(second.candidates()).filteredOn(c -> !c.scored()).hasSize(1);
    fake.trained.clear();
    assertThat(fake.resume(plan).candidates()).hasSize(24).allMatch(Candidate::scored);
    assertThat(fake.trained).extracting(TrialJob::candidate).containsExactly(13);
    fake.trained.clear();
    assertThat(fake.resume(plan).candidates()).hasSize(24).allMatch(Candidate::scored);
    assertThat(fake.trained).isEmpty();
  }

  @Test
  void aSweepThatHasEndedHasNothingToGoOnWithUnlessItGetsMore() {
    fake.run(Sweeps.in(dir, BUDGET), 2);
    Predicate<TrialJob> none = trial -> false;
    Sweep.Options auto = new Sweep.Options(null, Start.AUTO, null);
    assertThat(fake.sweep(Sweeps.in(dir, BUDGET), auto, none).finished()).isTrue();
    Sweep more = fake.sweep(Sweeps.in(dir, "budget: {candidates: 15}"), auto, none);
    assertThat(more.finished()).isFalse();
    assertThat(more.run().candidates()).hasSize(15);
    assertThat(more.finished()).isTrue();
    assertThatThrownBy(
            () ->
                fake.sweep(Sweeps.in(dir, BUDGET, "budget.candidates=15", "seed=4"), auto, none)
                    .finished())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("seed is 4");
  }

  @Test
  void datedSweepsLieBesideOneAnother() throws IOException {
    SweepPlan plan = Sweeps.in(dir, BUDGET, "output.layout=dated");
    Sweep.Options auto = new Sweep.Options(1, Start.AUTO, null);
    Sweep first = fake.sweep(plan, auto, trial -> false);
    List<String> ranking = FakeTraining.ranking(first.run());
    Path latest = dir.resolve("words/LATEST");
    assertThat(latest).hasContent(first.folder().getFileName().toString());
    assertThat(fake.trained)
        .allMatch(trial -> trial.folder().startsWith(first.folder().resolve("trials")))
        .allMatch(trial -> trial.job().output().layout() == OutputSettings.Layout.PLAIN);
    fake.trained.clear();
    Sweep[] second = new Sweep[1];
    second[0] =
        fake.sweep(
            plan,
            auto,
            trial -> {
              if (fake.trained.size() == 5) {
                second[0].stop();
              }
              return false;
            });
    assertThatThrownBy(second[0]::run).isInstanceOf(SweepStoppedException.class);
    assertThat(second[0].folder()).isNotEqualTo(first.folder());
    Sweep third = fake.sweep(plan, auto, trial -> false);
    assertThat(third.finished()).isFalse();
    assertThat(FakeTraining.ranking(third.run())).isEqualTo(ranking);
    assertThat(third.folder()).isEqualTo(second[0].folder());
    assertThat(fake.trained).hasSize(14);
    Sweep.Options named =
        new Sweep.Options(1, Start.RESUME, first.folder().getFileName().toString());
    assertThat(FakeTraining.ranking(fake.sweep(plan, named, trial -> false).run()))
        .isEqualTo(ranking);
    assertThat(fake.trained).hasSize(14);
  }

  @Test
  void aSweepsFolderHoldsNoOthersAndOneOfSeveralIsNoSweep() {
    fake.run(Sweeps.in(dir, BUDGET), 2);
    assertThatThrownBy(
            () ->
                fake.sweep(
                    Sweeps.in(dir, BUDGET), new Sweep.Options(1, Start.NEW, "a"), trial -> false))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("is a run itself and cannot hold others");
    Path other = dir.resolve("other");
    SweepPlan several = Sweeps.in(other, BUDGET);
    fake.sweep(several, new Sweep.Options(1, Start.NEW, "a"), trial -> false).run();
    assertThat(other.resolve("words/a/best.yaml")).exists();
    assertThatThrownBy(() -> fake.run(several, 1))
        .hasMessageContaining("holds something else than a sweep");
  }

  @Test
  void aStoppedSweepGoesOn() {
    SweepPlan plan = Sweeps.in(dir, BUDGET);
    AtomicInteger count = new AtomicInteger();
    Sweep[] running = new Sweep[1];
    running[0] =
        fake.sweep(
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
    assertThat(FakeTraining.ranking(fake.resume(plan)))
        .isEqualTo(FakeTraining.ranking(fake.run(Sweeps.in(dir.resolve("other"), BUDGET), 2)));
    assertThat(fake.trained).hasSize(14 + 14);
  }
}
