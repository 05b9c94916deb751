package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.TrialJob;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates that are ended early. */
class PruningTest {
  private static final String EPOCHS = "training.epochs=27";
  private static final String BUDGET = "budget: {candidates: 30}\n";

  @TempDir Path dir;

  private final FakeTraining fake = new FakeTraining();

  private SweepPlan plan(String folder, String more) {
    return Sweeps.in(dir.resolve(folder), BUDGET + more, EPOCHS);
  }

  static Stream<String> ways() {
    return Stream.of("random", "tpe", "genetic", "cma-es", "sobol")
        .flatMap(
            strategy ->
                Stream.of("median", "asha", "hyperband")
                    .map(kind -> "strategy: " + strategy + "\npruning: " + kind + "\n"));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void candidatesScoresAndEndsAreTheSameForAnyNumberOfWorkers(String way) {
    List<String> alone = ends(fake.run(plan("1", way), 1));
    assertThat(alone).hasSize(30).anyMatch(end -> end.endsWith("true"));
    assertThat(alone.get(0)).endsWith("27 false");
    assertThat(ends(fake.run(plan("2", way), 2))).isEqualTo(alone);
    assertThat(ends(fake.run(plan("7", way), 7))).isEqualTo(alone);
  }

  private static List<String> ends(SweepResults results) {
    return results.ranked().stream()
        .map(c -> c.number() + " " + c.settings() + " " + c.score() + " " + end(c))
        .toList();
  }

  private static String end(Candidate candidate) {
    return candidate.epochs() + " " + candidate.pruned();
  }

  @Test
  void oneInThreeGoesOnFromEachRung() {
    List<Candidate> ranked =
        fake.run(plan("asha", "pruning: asha\nstrategy: random\n"), 2).ranked();
    assertThat(ranked).filteredOn(c -> c.epochs() == 27 && !c.pruned()).hasSizeBetween(3, 6);
    assertThat(ranked).filteredOn(c -> c.epochs() == 9 && c.pruned()).hasSizeBetween(5, 9);
    assertThat(ranked).filteredOn(c -> c.epochs() == 3).hasSizeBetween(15, 21);
    assertThat(ranked).extracting(Candidate::pruned).isSorted(); // behind the whole ones
    assertThat(fake.trained)
        .extracting(job -> job.candidate() + " " + job.until())
        .doesNotHaveDuplicates();
  }

  @Test
  void hyperbandBeginsSomeAtHigherRungs() {
    SweepResults results = fake.run(plan("hyperband", "pruning: hyperband\n"), 2);
    assertThat(results.candidates().subList(0, 9)).anyMatch(c -> c.epochs() == 3);
    assertThat(results.candidates().subList(9, 14)).allMatch(c -> c.epochs() >= 9);
    assertThat(results.candidates().subList(14, 17)).noneMatch(Candidate::pruned);
  }

  /** However few there are, one is trained to its end. */
  @ParameterizedTest
  @ValueSource(strings = {"asha", "hyperband", "median"})
  void theBestOfAFewIsTrainedToItsEnd(String kind) {
    SweepPlan few = Sweeps.in(dir, "budget: {candidates: 2}\npruning: " + kind + "\n", EPOCHS);
    SweepResults results = fake.run(few, 1);
    assertThat(results.ranked().get(0).pruned()).isFalse();
    assertThat(results.ranked().get(0).epochs()).isEqualTo(27);
  }

  @Test
  void theRungsFollowTheFile() {
    SweepPlan plan = plan("rungs", "pruning: asha\nrungs: {first: 2, factor: 4}\n");
    assertThat(plan.pruning().rungs()).containsExactly(2, 8);
    assertThat(plan("default", "pruning: asha\n").pruning().rungs()).containsExactly(3, 9);
    assertThat(
            Sweeps.in(dir, BUDGET + "pruning: asha\n", EPOCHS, "training.evaluateEvery=2")
                .pruning()
                .rungs())
        .containsExactly(4, 12);
  }

  @Test
  void onlySurvivorsAreRepeated() {
    SweepResults results = fake.run(plan("repeats", "pruning: asha\nrepeats: 3\n"), 2);
    assertThat(results.candidates())
        .allSatisfy(c -> assertThat(c.trials()).hasSize(c.pruned() ? 1 : 3));
  }

  @ParameterizedTest
  @CsvSource({
    "asha, tpe, 0.1", "asha, tpe, 0.55", "asha, random, 0.9", "hyperband, tpe, 0.4",
    "median, tpe, 0.3", "median, random, 0.7", "asha, genetic, 0.5", "asha, cma-es, 0.5"
  })
  void aSweepThatWasKilledGoesOn(String kind, String strategy, double share) throws IOException {
    String way = "strategy: %s\npruning: %s\n".formatted(strategy, kind);
    SweepPlan whole = plan("whole", way);
    List<String> expected = ends(fake.run(whole, 2));
    byte[] journal = Files.readAllBytes(whole.folder().resolve(Journal.NAME));
    int lines = new String(journal).split("\n").length;

    SweepPlan cut = plan("cut", way);
    Files.createDirectories(cut.folder());
    Files.write(
        cut.folder().resolve(Journal.NAME), Arrays.copyOf(journal, (int) (share * journal.length)));
    fake.trained.clear();
    assertThat(ends(fake.resume(cut))).isEqualTo(expected);
    assertThat(Files.readAllLines(cut.folder().resolve(Journal.NAME))).hasSize(lines);
    fake.trained.clear();
    assertThat(ends(fake.resume(cut))).isEqualTo(expected);
    assertThat(fake.trained).isEmpty();
  }

  @Test
  void moreCandidatesCanFollow() {
    fake.run(plan("more", "pruning: asha\nstrategy: tpe\n"), 2);
    SweepPlan more =
        Sweeps.in(
            dir.resolve("more"),
            "budget: {candidates: 45}\npruning: asha\nstrategy: tpe\n",
            EPOCHS);
    fake.trained.clear();
    assertThat(fake.resume(more).candidates()).hasSize(45);
    assertThat(fake.trained).extracting(TrialJob::candidate).contains(30, 44);
  }

  /** However many trainings have ended: whoever paused may be trained again. */
  @Test
  void withoutItsDataItGoesOnOnlyAtItsEnd() throws IOException {
    Path text = Files.writeString(dir.resolve("text.txt"), "a b c d\ne f g h\n");
    String way = BUDGET + "pruning: asha\n";
    SweepPlan plan = Sweeps.in(dir, way, EPOCHS, "data.path=" + text);
    fake.run(plan, 2);
    Files.delete(text);
    assertThat(fake.resume(plan).candidates()).hasSize(30);
    Path journal = plan.folder().resolve(Journal.NAME);
    List<String> lines = Files.readAllLines(journal).subList(0, 36);
    Files.write(journal, lines);
    assertThatThrownBy(() -> fake.resume(plan))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(text.toString());
    assertThat(Files.readAllLines(journal)).isEqualTo(lines);
  }

  /** A candidate that fails after it went on is out, and another one is the best. */
  @Test
  void oneThatFailsLaterIsNotTheBest() throws IOException {
    SweepPlan plan = plan("fails", "pruning: asha\nmaxFailures: 99\n");
    int best = fake.run(plan("whole", "pruning: asha\n"), 2).ranked().get(0).number();
    SweepResults results =
        fake.sweep(
                plan,
                new Sweep.Options(2, false, false),
                job -> job.until() > 3 && job.candidate() == best)
            .run();
    assertThat(results.ranked().get(0).number()).isNotEqualTo(best);
    assertThat(results.ranked().get(0).pruned()).isFalse();
    assertThat(results.candidates()).filteredOn(c -> !c.scored()).isNotEmpty();
    assertThat(Files.readString(plan.folder().resolve("model.zip")))
        .startsWith(String.format("%03d-", results.ranked().get(0).number()));
  }

  @Test
  void prunedOnesKeepTheirCurvesAndAreMarkedInEveryReport() throws IOException {
    SweepPlan plan = plan("report", "pruning: median\n");
    SweepResults results = fake.run(plan, 2);
    Candidate pruned =
        results.candidates().stream().filter(Candidate::pruned).findFirst().orElseThrow();
    Trial trial = pruned.trials().get(0);
    assertThat(trial.epochs()).hasSizeBetween(3, 26);
    assertThat(trial.score())
        .isEqualTo(
            trial.epochs().stream().mapToDouble(e -> e.validationLoss()).min().orElseThrow());
    Path folder = plan.folder();
    assertThat(Files.readAllLines(folder.resolve("results.csv")))
        .anyMatch(row -> row.contains(",pruned,"));
    assertThat(Files.readString(folder.resolve("results.json")))
        .contains("\"status\" : \"pruned\"");
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("class='candidate pruned'", "<b>pruned</b> after epoch " + pruned.epochs());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pruning: asha, objective: {metric: perplexity} | pruning is asha, but no epoch reports perplexity; expected an objective among validationPerplexity, trainLoss, validationLoss.
          pruning: median, objective: {metric: parameters} | pruning is median, but no epoch reports parameters
          pruning: asha, rungs: {first: 27} | the first decision comes after epoch 27 of 27; expected an earlier one
          pruning: asha, rungs: {factor: 1} | rungs.factor is 1, but expected at least 2.
          pruning: ahsa | pruning is "ahsa", but expected one of none, median, asha, hyperband (did you mean asha?).
          """)
  void mistakesAreNamed(String lines, String message) {
    String yaml = lines.replace(", objective", "\nobjective").replace(", rungs", "\nrungs");
    Sweeps.assertMistake(() -> plan("mistake", yaml), message);
  }

  /** Nor when they are evaluated, for whoever was not has no score to go on with. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training.epochs | int: [9, 27] | training.epochs
          training.evaluateEvery | choice: [1, 5] | training.evaluateEvery
          training | choice: [{epochs: 9, batchSize: 1}, {epochs: 27, batchSize: 1}] | training.epochs
          """)
  void epochsAreNotSearchedAndPruned(String key, String values, String named) {
    String search = "search: {%s: {%s}}\n".formatted(key, values);
    assertThat(Sweeps.plan(Sweeps.job(search + BUDGET)).axes()).hasSize(1);
    assertThatThrownBy(() -> Sweeps.plan(Sweeps.job(search + BUDGET), "pruning=asha"))
        .hasMessage(
            "sweep.yaml: pruning is asha, but %s is searched; expected the same epochs for all"
                + " candidates.",
            named);
  }
}
