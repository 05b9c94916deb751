package org.descry.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.worker.Worker;
import org.descry.sweep.worker.WorkerPool;
import org.descry.testing.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps with real workers, and what may happen to processes. */
@Tag("slow")
@Timeout(300)
class SweepProcessTest {
  private static final String EIGHT = "budget: {candidates: 8}\nworkers: 2\nthreads: 1\n";

  /** Memory of a worker that is to run out of it: 20,000 x 20,000 floats are 1.6 GB. */
  private static final long WORKER_BYTES = 3L << 29;

  @TempDir Path dir;

  /** The program that is killed. */
  static final class Program {
    public static void main(String[] args) {
      Sweep.read(
              Path.of(args[0]),
              List.of(),
              new Sweep.Options(null, false, false),
              SweepProgress.NONE)
          .run();
    }
  }

  private SweepResults run(String folder, String more, Sweep.Options options) {
    return run(Sweeps.in(dir.resolve(folder), more), options, SweepProgress.NONE);
  }

  private static SweepResults run(SweepPlan plan, Sweep.Options options, SweepProgress progress) {
    return new Sweep(plan, options, progress, WorkerPool::new).run();
  }

  private static List<String> ranking(SweepResults results) {
    return results.ranked().stream()
        .map(c -> c.number() + " " + c.settings() + " " + c.score())
        .toList();
  }

  @Test
  void aSweepThatIsKilledGoesOnToTheRankingOfOneThatIsNot() throws Exception {
    Path file = dir.resolve("sweep.yaml");
    Path output = dir.resolve("killed");
    Files.writeString(file, Sweeps.yaml(EIGHT).replace("/nowhere/runs", output.toString()));
    Process program =
        ChildJvm.of(Program.class, file.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("program.log").toFile())
            .start();
    Path journal = output.resolve("words").resolve(Journal.NAME);
    while (!Files.exists(journal) || Files.readAllLines(journal).size() < 4) {
      assertThat(program.isAlive()).as(Files.readString(dir.resolve("program.log"))).isTrue();
      Thread.sleep(10);
    }
    List<ProcessHandle> workers = program.descendants().toList();
    program.destroyForcibly().waitFor();
    for (ProcessHandle worker : workers) {
      worker.onExit().get(20, TimeUnit.SECONDS); // they end with the program
    }
    List<String> before = Files.readAllLines(journal);
    assertThat(before.size()).isBetween(4, 8);

    List<String> resumed = ranking(run("killed", EIGHT, new Sweep.Options(1, true, false)));
    assertThat(Files.readAllLines(journal)).hasSize(10).startsWith(before.get(0), before.get(1));
    assertThat(resumed)
        .isEqualTo(ranking(run("whole", EIGHT, new Sweep.Options(2, false, false))))
        .hasSize(8);
    assertThat(dir.resolve("killed/words/report.html")).exists();
    assertThat(dir.resolve("killed/words/best.yaml"))
        .hasContent(
            Files.readString(dir.resolve("whole/words/best.yaml"))
                .replace(dir.resolve("whole").toString(), output.toString()));
    assertThat(dir.resolve("killed/words/model.zip")).isNotEmptyFile();
  }

  @Test
  void aWorkerThatIsKilledIsReplaced() throws IOException {
    SweepPlan plan = Sweeps.in(dir, "budget: {candidates: 3}\nthreads: 1\n", "training.epochs=40");
    boolean[] killed = new boolean[1];
    SweepProgress killer =
        new SweepProgress() {
          @Override
          public void candidate(Candidate candidate, State state) {
            if (!killed[0]) {
              killed[0] = workers().map(ProcessHandle::destroyForcibly).allMatch(ok -> ok);
            }
          }
        };
    SweepResults results = run(plan, new Sweep.Options(1, false, false), killer);
    assertThat(killed[0]).isTrue();
    assertThat(results.candidates()).hasSize(3).allMatch(c -> c.trials().get(0).succeeded());
    try (Stream<Path> files = Files.walk(dir)) { // what ended has nothing to go on from
      assertThat(files).noneMatch(file -> file.toString().endsWith(".checkpoint"));
    }
  }

  private static Stream<ProcessHandle> workers() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process -> process.info().commandLine().orElse("").contains(Worker.class.getName()));
  }

  @Test
  void whatACandidateDiesOfIsItsOwnAffair() {
    String grid =
        """
        strategy: grid
        search:
          training.optimizer.learningRate: {choice: [0.1, 1.0e+38]}
          model.hidden: {choice: [4, 20000]}
        threads: 1
        """;
    long machine =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    int shares = (int) Math.max(1, machine / WORKER_BYTES);
    SweepResults results =
        new Sweep(
                Sweeps.plan(Sweeps.job(grid), "output.dir=" + dir),
                new Sweep.Options(1, false, false),
                SweepProgress.NONE,
                (workers, threads, retries, metric) ->
                    new WorkerPool(shares, threads, retries, metric))
            .run();
    assertThat(results.candidates()).hasSize(4);
    Candidate best = results.ranked().get(0);
    assertThat(best.trials().get(0).succeeded()).isTrue();
    assertThat(best.settings().get("model.hidden").asInt()).isEqualTo(4);
    assertThat(best.trials().get(0).epochs()).hasSize(2);
    assertThat(best.score())
        .isCloseTo(best.trials().get(0).epochs().get(1).validationLoss(), within(0.0));
    for (Candidate failed : results.ranked().subList(1, 4)) {
      boolean large = failed.settings().get("model.hidden").asInt() > 4;
      assertThat(failed.trials().get(0).failure())
          .contains(large ? "of memory" : "training has diverged");
    }
    assertThat(workers()).isEmpty();
  }
}
