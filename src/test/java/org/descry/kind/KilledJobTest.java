package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.descry.cli.Cli;
import org.descry.cli.Main;
import org.descry.job.JobFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real processes that are really killed, and go on. */
class KilledJobTest {
  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path dir;

  private int threads = 1;

  /** Ends a process, which may have ended by itself. */
  private interface Kill {
    void end(Process process, Path out) throws Exception;
  }

  private static final Kill KILL = (process, out) -> process.destroyForcibly().waitFor();

  private static final Kill TERMINATE =
      (process, out) -> {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
        assertThat(process.exitValue()).as(Files.readString(out)).isIn(0, 143);
      };

  static Stream<Arguments> kinds() {
    return ResumedJobs.ALL.stream()
        .flatMap(kind -> IntStream.of(1, 2).mapToObj(threads -> Arguments.of(kind, threads)));
  }

  @Test
  void aKilledJobGoesOn() throws Exception {
    killed(ResumedJobs.ALL.get(0), 2, KILL);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Tag("slow")
  void aJobThatIsKilledTwentyTimesGoesOn(String kind, int with) throws Exception {
    threads = with;
    killed(kind, 20, KILL);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  @Tag("slow")
  void aJobThatIsTerminatedTwentyTimesGoesOn(String kind, int with) throws Exception {
    threads = with;
    killed(kind, 20, TERMINATE);
  }

  /**
   * Kills at random moments: as Java starts, in a step, inside the writing of checkpoints and
   * models. What has come to its end begins anew, in the place of what there is.
   */
  private void killed(String kind, int kills, Kill kill) throws Exception {
    Path whole = job(kind, "whole");
    Path cut = job(kind, "cut");
    end(train(whole), 0);
    SplittableRandom random = new SplittableRandom(kills);
    for (int i = 0; i < kills; i++) {
      boolean anew = i == 1 || Files.exists(dir.resolve("cut/n/summary.json"));
      Process process = train(cut, anew ? "--force" : "--resume=auto");
      if (random.nextInt(4) > 0) {
        awaitCheckpoint(process, dir.resolve("cut/n"));
        process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
      } else {
        process.waitFor(500 + random.nextInt(2000), TimeUnit.MILLISECONDS);
      }
      kill.end(process, dir.resolve("out.txt"));
    }
    end(train(cut, "--resume=auto"), 0);
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
    Kinds.open(dir.resolve("cut/n/model.zip")); // which checks all of it
  }

  @Test
  void aPoliteKillLeavesACheckpointAndSaysThatItCanGoOn() throws Exception {
    Path whole = job(ResumedJobs.ALL.get(2), "whole");
    Path cut = job(ResumedJobs.ALL.get(2), "cut");
    end(train(whole), 0);
    for (int code : new int[] {143, 75}) {
      Process process =
          code == 75
              ? train(cut, "--resume=auto", "--exit-resumable")
              : train(cut, "--resume=auto");
      awaitCheckpoint(process, dir.resolve("cut/n"));
      process.destroy();
      end(process, code);
    }
    end(train(cut, "--resume"), 0);
    ResumedJobs.assertEqual(dir.resolve("cut/n"), dir.resolve("whole/n"));
    end(train(cut, "--resume=auto"), 0);
  }

  private Path job(String kind, String runs) throws IOException {
    JobFile job =
        ResumedJobs.job(kind, dir, runs)
            .set("training.epochs=40")
            .set("training.checkpoint.every=1 step");
    Path file = dir.resolve(runs + ".yaml");
    Files.writeString(file, JobFile.resolved(job.job()));
    return file;
  }

  private Process train(Path job, String... options) throws IOException {
    String[] args = new String[options.length + 2];
    args[0] = "train";
    System.arraycopy(options, 0, args, 1, options.length);
    args[args.length - 1] = job.toString();
    ProcessBuilder program = Cli.program(Main.class, args);
    program.environment().put("DESCRY_THREADS", Integer.toString(threads));
    return program
        .redirectErrorStream(true)
        .redirectOutput(job.resolveSibling("out.txt").toFile())
        .start();
  }

  /** Waits until the process has written a checkpoint of its own, or has ended. */
  private static void awaitCheckpoint(Process process, Path run) throws Exception {
    long before = newest(run);
    while (process.isAlive() && newest(run) == before) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
  }

  private static long newest(Path run) throws IOException {
    long newest = 0;
    for (String folder : new String[] {"checkpoints", ".new/checkpoints"}) {
      if (Files.isDirectory(run.resolve(folder))) {
        newest = Math.max(newest, Files.getLastModifiedTime(run.resolve(folder)).toMillis());
      }
    }
    return newest;
  }

  private void end(Process process, int code) throws Exception {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(dir.resolve("out.txt"))).isEqualTo(code);
  }
}
