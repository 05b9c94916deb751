package org.descry.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs every workload on every contender, each in a JVM of its own, round by round, and reports.
 * Contenders take turns within a workload, so that a slow spell of the machine hits all of them.
 *
 * <p>System properties, which Maven hands on: {@code bench.rounds} (2), {@code bench.workloads} and
 * {@code bench.contenders} (comma-separated, all by default). Workloads are the rows' names, {@code
 * growth} for all that shows how costs grow, and {@code program} for what {@link Program} measures.
 */
public final class Bench {
  private static final double QUIET_SHARE = 0.08;
  private static final double QUIET_WAIT_SECONDS = 5;

  /** In all: a machine that is never quiet must not make the bench last for ever. */
  private static final double PATIENCE_SECONDS = 60;

  private static final long TRIAL_LIMIT_SECONDS = 120;
  private static final String GROWTH = "growth";
  private static final String PROGRAM = "program";

  private static double waited;

  private Bench() {}

  /**
   * Measures and writes {@code bench.json} and {@code bench.md}.
   *
   * @param args Maven's build directory
   * @throws IOException if a process cannot be started or a result not be read or written
   * @throws InterruptedException if the wait for a process is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path build = Path.of(args[0]).toAbsolutePath();
    Path bench = Files.createDirectories(build.resolve("bench"));
    List<String> names = new ArrayList<>(Workload.all().stream().map(Workload::id).toList());
    names.addAll(List.of(GROWTH, PROGRAM));
    List<String> rows = chosen("workloads", names, Function.identity());
    List<Workload> workloads = new ArrayList<>(List.of(Workload.MATMUL));
    workloads.addAll(
        Workload.all().stream()
            .filter(
                one ->
                    rows.contains(one.id())
                        || (rows.contains(GROWTH) && one.id().startsWith(GROWTH)))
            .toList());
    List<Contender> contenders =
        chosen(
            "contenders",
            List.of(Contender.values()),
            contender -> contender.name().toLowerCase(Locale.ROOT));
    int rounds = Integer.getInteger("bench.rounds", 2);
    long start = System.nanoTime();

    List<String> failures = new ArrayList<>();
    Report report = new Report(Machine.inspect(), rounds);
    for (int round = 1; round <= rounds; round++) {
      for (Workload workload : workloads) {
        for (Contender contender : contenders) {
          if (!contender.does(workload) || report.isAbsent(contender)) {
            continue;
          }
          System.out.printf(
              "round %d of %d, %s, %s%n", round, rounds, workload.id(), contender.label());
          if (!measure(build, bench, workload, contender, report)) {
            failures.add(contender.label() + " at " + workload.id());
          }
        }
      }
    }
    if (rows.contains(PROGRAM) && contenders.contains(Contender.DESCRY)) {
      System.out.println("the program itself");
      report.add(Program.measure(build, bench));
    }
    report.write(bench, (System.nanoTime() - start) / 1e9);
    System.out.println();
    System.out.print(Files.readString(bench.resolve("bench.md")));
    if (!failures.isEmpty()) {
      System.out.printf("%nFailed, see the logs in %s: %s%n", bench, String.join(", ", failures));
      System.exit(1);
    }
  }

  /**
   * Reports one trial.
   *
   * @return false where its process failed or went on for too long
   */
  private static boolean measure(
      Path build, Path bench, Workload workload, Contender contender, Report report)
      throws IOException, InterruptedException {
    Path result = Files.createTempFile(bench, "measurement", ".properties");
    Path log = bench.resolve(contender.name().toLowerCase(Locale.ROOT) + ".log");
    waited +=
        SystemLoad.awaitQuiet(QUIET_SHARE, Math.min(QUIET_WAIT_SECONDS, PATIENCE_SECONDS - waited));
    Process process =
        contender
            .process(build, workload, result)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      boolean succeeded =
          process.waitFor(TRIAL_LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
      if (!succeeded) {
        return false;
      }
      String obstacle = Measurement.readObstacle(result);
      if (obstacle == null) {
        report.add(workload, contender, Measurement.read(result));
      } else {
        report.addAbsent(contender, obstacle);
      }
      return true;
    } finally {
      process.destroyForcibly();
      Files.delete(result);
    }
  }

  /** Those of {@code all} that the system property names, or all of them. */
  private static <T> List<T> chosen(String property, List<T> all, Function<T, String> name) {
    String names = System.getProperty("bench." + property, "");
    if (names.isBlank()) {
      return all;
    }
    List<String> known = all.stream().map(name).toList();
    List<String> wanted = Arrays.stream(names.split(",")).map(String::strip).toList();
    wanted.stream()
        .filter(one -> !known.contains(one))
        .findFirst()
        .ifPresent(
            one -> {
              throw new IllegalArgumentException(
                  "bench." + property + ": expected some of " + known + ", got: " + one);
            });
    return all.stream().filter(one -> wanted.contains(name.apply(one))).toList();
  }
}
