package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.ExitCode;
import org.descry.cli.progress.SweepConsole;
import org.descry.sweep.Sweep;
import org.descry.sweep.SweepStoppedException;
import org.descry.sweep.report.SweepResults;
import org.descry.train.Training.Start;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry sweep}: from a sweep file to the best settings of a job. */
@Command(
    name = "sweep",
    description = "Searches for the best settings of a job, as a sweep file says.")
final class SweepCommand extends BaseCommand {

  @Parameters(paramLabel = "SWEEP.yaml", description = "The sweep file.")
  private Path file;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Trainings at the same time (default: workers of the file). Each has as many threads as"
              + " the file says.")
  private Integer workers;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the sweep file, such as budget.candidates=8. May be repeated.")
  private List<String> settings = new ArrayList<>();

  @Mixin private RunOptions runs;

  @Override
  public Integer call() {
    requireAssignments(settings);
    boolean fits = workers == null || (workers >= 1 && workers <= Sweep.MOST_WORKERS);
    require(fits, "--workers", workers, "1 to " + Sweep.MOST_WORKERS);
    runs.check(this);
    PrintWriter out = out();
    SweepConsole console = SweepConsole.to(out);
    Sweep sweep =
        Sweep.read(file, settings, new Sweep.Options(workers, runs.start(), runs.runId()), console);
    if (runs.start() == Start.AUTO && sweep.finished()) {
      return RunOptions.endedAlready(sweep.folder(), out);
    }
    try (Interruption interruption = new Interruption(sweep::stop, runs.interrupted())) {
      return run(sweep, console, out);
    }
  }

  /** Says how it ended, before the end of the program goes on. */
  private static int run(Sweep sweep, SweepConsole console, PrintWriter out) {
    try {
      SweepResults results = sweep.run();
      console.ranking(results, sweep.folder());
      return 0;
    } catch (SweepStoppedException e) {
      out.println(e.getMessage());
      out.flush();
      return ExitCode.INTERRUPTED.number();
    }
  }
}
