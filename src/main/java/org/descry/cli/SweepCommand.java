package org.descry.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.descry.ExitCode;
import org.descry.sweep.Sweep;
import org.descry.sweep.SweepStoppedException;
import org.descry.sweep.report.SweepResults;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code descry sweep}: from a sweep file to the best settings of a job. */
@Command(
    name = "sweep",
    description = "Searches for the best settings of a job, as a sweep file says.",
    mixinStandardHelpOptions = true)
final class SweepCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

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

  @Option(
      names = "--resume",
      description = "Go on with an earlier sweep of the same name, if there is one.")
  private boolean resume;

  @Option(names = "--force", description = "Replace an earlier sweep of the same name.")
  private boolean force;

  @Override
  public Integer call() {
    Settings.check(settings, spec);
    if (workers != null && workers < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--workers': " + workers + "; expected at least 1");
    }
    if (resume && force) {
      throw new ParameterException(
          spec.commandLine(), "--resume and --force exclude one another; expected one of them");
    }
    PrintWriter out = spec.commandLine().getOut();
    SweepConsole console = SweepConsole.to(out);
    Sweep sweep = Sweep.read(file, settings, new Sweep.Options(workers, resume, force), console);
    try (Interruption interruption = new Interruption(sweep::stop)) {
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
      out.printf("%n%s%n", e.getMessage());
      out.flush();
      return ExitCode.INTERRUPTED.number();
    }
  }
}
