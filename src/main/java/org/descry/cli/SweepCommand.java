package org.descry.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.ExitCode;
import org.descry.cli.progress.Printer;
import org.descry.cli.progress.SweepConsole;
import org.descry.io.AtomicFiles;
import org.descry.sweep.Sweep;
import org.descry.sweep.SweepStoppedException;
import org.descry.sweep.report.SweepReport;
import org.descry.sweep.report.SweepResults;
import org.descry.sweep.worker.ClusterTrials;
import org.descry.sweep.worker.TrialRunner;
import org.descry.sweep.worker.WorkerPool;
import org.descry.train.Training.Start;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry sweep}: from a sweep file to the best settings of a job. */
@Command(
    name = "sweep",
    description = "Searches for the best settings of a job, as a sweep file says.",
    subcommands = {SweepCommand.Report.class, SweepCommand.Top.class})
final class SweepCommand extends BaseCommand {
  private static final String AUTO = "auto";

  // Not needed where there is a subcommand.
  @Parameters(arity = "0..1", paramLabel = "SWEEP.yaml", description = "The sweep file.")
  private Path file;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Trainings at the same time, or auto (default: workers of the file). Each has as many"
              + " threads as the file says.")
  private String workers;

  @Option(
      names = "--cluster",
      paramLabel = "MASTER",
      description =
          "Train on the executors of Apache Spark, which see the same folders: spark://HOST:PORT or"
              + " local-cluster[EXECUTORS,CORES,MB]. Needs a build with -Pcluster.")
  private String master;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the sweep file, such as budget.candidates=8. May be repeated.")
  private List<String> settings = new ArrayList<>();

  @Mixin private RunOptions runs;

  @Override
  public Integer call() {
    if (file == null) {
      throw refusal("Missing required parameter: 'SWEEP.yaml'");
    }
    requireAssignments(settings);
    runs.check(this);
    Sweep.Options options = new Sweep.Options(workers(), runs.start(), runs.runId());
    TrialRunner.Factory runners = master == null ? WorkerPool::new : ClusterTrials.on(master);
    Sweep sweep = Sweep.read(file, settings, options, SweepConsole.to(err(), colours()), runners);
    return run(sweep, runs, this);
  }

  /** Null for what the file says, as it is with {@code auto} in its place. */
  private Integer workers() {
    boolean given = workers != null && !workers.equals(AUTO);
    int number = given && workers.matches("\\d{1,3}") ? Integer.parseInt(workers) : 0;
    boolean fits = !given || (number >= 1 && number <= Sweep.MOST_WORKERS);
    require(fits, "--workers", workers, "1 to %s, or auto".formatted(Sweep.MOST_WORKERS));
    if (AUTO.equals(workers)) {
      settings.add("workers=" + AUTO);
    }
    return given ? number : null;
  }

  private static int run(Sweep sweep, RunOptions runs, BaseCommand command) {
    if (runs.start() == Start.AUTO && sweep.finished()) {
      return RunOptions.endedAlready(sweep.folder(), command.err());
    }
    try (Interruption interruption = new Interruption(sweep::stop, runs.interrupted())) {
      return run(sweep, command);
    }
  }

  /** Says how it ended, before the end of the program goes on: the best on standard output. */
  private static int run(Sweep sweep, BaseCommand command) {
    try {
      SweepResults results = sweep.run();
      Printer.of(command.err()).clear();
      SweepConsole.to(command.out(), command.colours()).ranking(results, sweep.folder());
      return 0;
    } catch (SweepStoppedException e) {
      command.err().println(e.getMessage());
      command.err().flush();
      return ExitCode.INTERRUPTED.number();
    }
  }

  @Command(name = "report", description = "Compares sweeps of one objective.")
  static final class Report extends BaseCommand {
    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of sweeps.")
    private List<Path> folders;

    @Option(
        names = "--to",
        paramLabel = "HTML",
        description = "The page to write (default: ${DEFAULT-VALUE}).")
    private Path page = Path.of("sweeps.html");

    @Override
    public Integer call() {
      AtomicFiles.requireWritable(page);
      SweepConsole.to(out(), colours()).comparison(SweepReport.compare(folders, page), page);
      return 0;
    }
  }

  @Command(
      name = "top",
      description = "Shows the best candidates of a sweep, or trains them again.")
  static final class Top extends BaseCommand {
    private static final int MOST = 1000; // as enqueue

    @Parameters(paramLabel = "DIR", description = "The folder of the sweep.")
    private Path folder;

    @Option(names = "-n", description = "How many (default: ${DEFAULT-VALUE}).")
    private int count = 5;

    @Option(
        names = "--retrain",
        description =
            "Train them again, for three times the epochs and from three other seeds, as a sweep"
                + " of the name with -top.")
    private boolean retrain;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description = "With --retrain: sets a key, such as repeats=5. May be repeated.")
    private List<String> settings = new ArrayList<>();

    @Mixin private RunOptions runs;

    @Override
    public Integer call() {
      require(count >= 1 && count <= MOST, "-n", count, "1 to " + MOST);
      requireAssignments(settings);
      runs.check(this);
      SweepConsole.to(out(), colours()).top(SweepReport.read(folder), count);
      if (!retrain) {
        return 0;
      }
      Sweep.Options options = new Sweep.Options(null, runs.start(), runs.runId());
      SweepConsole console = SweepConsole.to(err(), colours());
      return run(Sweep.ofBest(folder, count, settings, options, console), runs, this);
    }
  }
}
