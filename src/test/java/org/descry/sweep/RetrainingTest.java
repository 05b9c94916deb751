package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.descry.DataException;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The best of a sweep once more. */
class RetrainingTest {
  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  @Test
  void theBestAreTrainedLongerFromOtherSeedsAndNothingElse() {
    String more =
        "budget: {candidates: 12}\nstrategy: tpe\npruning: median\nrequire: ['model.hidden > 4']\n";
    SweepResults first = fake.run(Sweeps.in(dir, more), 2);
    SweepPlan plan = Retraining.plan(dir.resolve("words"), 3, List.of("repeats=2"));
    assertThat(plan.job().name()).isEqualTo("words-top");
    assertThat(plan.job().training().epochs()).isEqualTo(6);
    assertThat(plan.pruning().isNone()).isTrue();
    assertThat(plan.objectives()).isEqualTo(first.objectives());
    SweepResults again = fake.run(plan, 2);
    assertThat(again.candidates().stream().map(Candidate::settings))
        .isEqualTo(first.ranked().stream().limit(3).map(Candidate::settings).toList());
    assertThat(again.candidates()).allMatch(candidate -> candidate.trials().size() == 2);
    assertThat(seeds(again)).hasSize(2).doesNotContainAnyElementsOf(seeds(first));
    assertThat(dir.resolve("words-top/report.html")).exists();
    assertThat(dir.resolve("words/report.html")).exists();
  }

  /** What only some candidates have is not taken over from the best one. */
  @Test
  void whatACandidateLacksIsTheJobsOwn() {
    String search =
        "search={training.optimizer.type: {choice: [sgd, nesterov]},"
            + " training.optimizer.momentum: {uniform: [0.5, 0.9]}}";
    SweepPlan before = Sweeps.in(dir, "budget: {candidates: 8}\n", search);
    fake.run(before, 1);
    SweepPlan plan = Retraining.plan(dir.resolve("words"), 8, List.of("name=words"));
    assertThat(plan.job().training().optimizer()).isEqualTo(before.job().training().optimizer());
    assertThat(plan.queue()).hasSize(8);
  }

  @Test
  void aNameThatIsAsLongAsNamesMayBeIsCut() {
    String name = "n".repeat(100);
    fake.run(Sweeps.in(dir, "budget: {candidates: 2}\n", "name=" + name), 1);
    assertThat(Retraining.plan(dir.resolve(name), 1, List.of()).job().name())
        .isEqualTo("n".repeat(96) + "-top");
  }

  @Test
  void aFolderWithoutASweepIsOneSentence() {
    assertThatThrownBy(() -> Retraining.plan(dir, 3, List.of()))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(dir.resolve("results.json") + ": ")
        .hasMessageEndingWith("expected the results of a sweep.");
  }

  private static Set<Long> seeds(SweepResults results) {
    return results.candidates().stream()
        .flatMap(candidate -> candidate.trials().stream())
        .map(Trial::seed)
        .collect(Collectors.toSet());
  }
}
