package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.descry.io.Json;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;
import org.descry.sweep.worker.TrialRunner;
import org.descry.sweep.worker.WorkerPool;
import org.descry.testing.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps with pruning whose program or workers are killed at any moment. */
@Timeout(900)
class SweepKillTest {
  private static final String SEARCH =
      """
      budget: {candidates: %s}
      strategy: tpe
      pruning: asha
      workers: 2
      threads: %s
      """;

  private static final List<String> TEXT = List.of("training.epochs=9");

  /** So few that they are shared only because the tests ask for it. */
  private static final List<String> IMAGES =
      List.of(
          "training.epochs=9",
          "model={type: three-layer-convnet, filters: 2, filterSize: 3, hidden: 4}",
          "data={source: shapes, train: 60, validation: 20, test: 10}",
          "training.batchSize=20",
          "objective.metric=validationLoss");

  private static final TrialRunner.Factory SHARING =
      (workers, threads, retries, metrics) -> new WorkerPool(workers, threads, retries, metrics, 1);

  @TempDir Path dir;

  /** The program that is killed. */
  static final class Program {
    public static void main(String[] args) {
      List<String> assignments = List.of(args).subList(1, args.length);
      Sweep.Options options = new Sweep.Options(null, true, false);
      Sweep.read(Path.of(args[0]), assignments, options, SweepProgress.NONE, SHARING).run();
    }
  }

  @Test
  void aSweepThatIsKilledOnceEndsAsOneThatIsNot() throws Exception {
    killed(1, 1, TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @Tag("slow")
  void aSweepThatIsKilledTwentyTimesEndsAsOneThatIsNot(int threads) throws Exception {
    killed(20, threads, TEXT);
  }

  @Test
  void aSweepWithSharedImagesThatIsKilledOnceEndsAsOneThatIsNot() throws Exception {
    killed(1, 1, IMAGES);
  }

  @Test
  @Tag("slow")
  void aSweepWithSharedImagesThatIsKilledTwentyTimesEndsAsOneThatIsNot() throws Exception {
    killed(20, 1, IMAGES);
  }

  /** The figures of epochs that were trained before hold their times. */
  @Test
  void aHalfTrainedCandidateGoesOnFromItsCheckpoint() throws Exception {
    String one = "budget: {candidates: 1}\nworkers: 1\nthreads: 1\n";
    Path file = file(one);
    Path metrics = dir.resolve("killed/words/trials/000-0/metrics.jsonl");
    Process program = start(file, List.of("training.epochs=400"));
    while (program.isAlive() && lines(metrics) < 30) {
      Thread.sleep(20);
    }
    assertThat(program.isAlive()).as(Files.readString(dir.resolve("program.log"))).isTrue();
    kill(program, program.descendants().toList());
    List<String> before = Files.readAllLines(metrics);
    assertThat(before).hasSizeBetween(30, 399);
    SweepPlan plan = Sweeps.in(dir.resolve("killed"), one, "training.epochs=400");
    new Sweep(plan, new Sweep.Options(1, true, false), SweepProgress.NONE, WorkerPool::new).run();
    assertThat(Files.readAllLines(metrics))
        .hasSize(400)
        .startsWith(before.subList(0, 29).toArray(String[]::new));
  }

  /** Kills when a training has just ended, or at any moment from the program's start on. */
  private void killed(int times, int threads, List<String> job) throws Exception {
    String search = SEARCH.formatted(6 + times / 2, threads);
    List<String> expected = ends(run("whole", search, job));
    SplittableRandom random = new SplittableRandom(times);
    Path file = file(search);
    Path folder = dir.resolve("killed/words");
    Path journal = folder.resolve(Journal.NAME);
    Path decoded = folder.resolve(SweepFolder.DECODED);
    boolean images = job.equals(IMAGES);
    boolean shared = false;
    int alive = 0;
    for (int i = 0; i < times; i++) {
      Process program = start(file, job);
      if (i % 2 == 0) {
        int before = lines(journal);
        while (program.isAlive()
            && (lines(journal) <= before || (images && !Files.exists(decoded)))) {
          Thread.sleep(20);
        }
      } else {
        program.waitFor(random.nextInt(4000), TimeUnit.MILLISECONDS);
      }
      Thread.sleep(random.nextInt(400));
      List<ProcessHandle> workers = program.descendants().toList();
      if (random.nextBoolean() && !workers.isEmpty()) {
        workers.get(random.nextInt(workers.size())).destroyForcibly();
        Thread.sleep(random.nextInt(400));
      }
      alive += program.isAlive() ? 1 : 0;
      kill(program, workers);
      shared |= Files.exists(decoded);
    }
    assertThat(alive).isGreaterThan(times / 2);
    assertThat(shared).isEqualTo(images);
    assertThat(ends(run("killed", search, job))).isEqualTo(expected);
    assertThat(decoded).doesNotExist();
    assertThat(done(journal)).doesNotHaveDuplicates();
    assertThat(done(journal)).hasSameElementsAs(done(dir.resolve("whole/words/journal.jsonl")));
  }

  /** Of a sweep in the folder {@code killed}. */
  private Path file(String more) throws IOException {
    return Files.writeString(
        dir.resolve("sweep.yaml"),
        Sweeps.yaml(more).replace("/nowhere/runs", dir.resolve("killed").toString()));
  }

  private static void kill(Process program, List<ProcessHandle> workers) throws Exception {
    program.destroyForcibly().waitFor();
    for (ProcessHandle worker : workers) {
      worker.onExit().get(60, TimeUnit.SECONDS); // they end with the program
    }
  }

  private Process start(Path file, List<String> job) throws IOException {
    List<String> arguments = new ArrayList<>(job);
    arguments.add(0, file.toString());
    return ChildJvm.of(Program.class, arguments.toArray(String[]::new))
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("program.log").toFile())
        .start();
  }

  private SweepResults run(String folder, String search, List<String> job) {
    SweepPlan plan = Sweeps.in(dir.resolve(folder), search, job.toArray(String[]::new));
    return new Sweep(plan, new Sweep.Options(2, true, false), SweepProgress.NONE, SHARING).run();
  }

  private static List<String> ends(SweepResults results) {
    return results.ranked().stream()
        .map(
            c -> c.number() + " " + c.settings() + " " + c.score() + " " + c.epochs() + failures(c))
        .toList();
  }

  private static String failures(Candidate candidate) {
    return candidate.trials().stream()
        .map(Trial::failure)
        .filter(Objects::nonNull)
        .collect(Collectors.joining("; "));
  }

  private static int lines(Path journal) throws IOException {
    return Files.exists(journal) ? Files.readAllLines(journal).size() : 0;
  }

  /** The trainings that ended by themselves. */
  private static List<String> done(Path journal) throws IOException {
    List<String> done = new ArrayList<>();
    for (String line : Files.readAllLines(journal)) {
      JsonNode entry = Json.MAPPER.readTree(line);
      if (entry.has("candidate") && !entry.path("died").asBoolean()) {
        done.add(
            "%s %s %s".formatted(entry.get("candidate"), entry.get("repeat"), entry.path("until")));
      }
    }
    return done;
  }
}
