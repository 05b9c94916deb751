package org.descry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.descry.ExitCode;
import org.descry.cli.progress.ConsoleProgress;
import org.descry.cli.progress.JsonProgress;
import org.descry.cli.progress.TensorBoard;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Kinds;
import org.descry.train.Summary;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.TrainingStoppedException;
import org.descry.train.rate.RateFinder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code descry train}: from a job file to a run folder. */
@Command(name = "train", description = "Trains the model that a job file describes.")
final class TrainCommand extends BaseCommand {
  @Mixin private EngineOptions engine;

  @Parameters(
      paramLabel = "JOB.yaml",
      arity = "1..*",
      description = "The job file; the settings of further ones are laid over it.")
  private List<Path> files;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the job, such as training.epochs=5. May be repeated.")
  private List<String> settings = new ArrayList<>();

  @Mixin private RunOptions runs;

  @Option(
      names = "--fast-dev-run",
      description = "Do two batches of everything, into a run folder of its own.")
  private boolean fastDevRun;

  @Option(
      names = "--overfit-batches",
      paramLabel = "N",
      description =
          "Train on N batches alone, epoch after epoch, into a run folder of its own: what a"
              + " network cannot learn by heart it cannot learn.")
  private int overfit;

  @Option(
      names = "--find-lr",
      description =
          "Do no training, but steps at growing learning rates; write their losses into a page and"
              + " suggest a rate.")
  private boolean findRate;

  @Option(
      names = "--quiet",
      description = "Say nothing but the result, and on standard error what needs attention.")
  private boolean quiet;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description = "Write event files for TensorBoard, below DIR in a folder of the job's name.")
  private Path tensorboard;

  @Override
  public Integer call() {
    requireAssignments(settings);
    runs.check(this);
    require(overfit >= 0, "--overfit-batches", overfit, "at least 1, or 0 for all");
    if ((fastDevRun ? 1 : 0) + (overfit > 0 ? 1 : 0) + (findRate ? 1 : 0) > 1) {
      throw refusal(
          "--fast-dev-run, --overfit-batches and --find-lr exclude one another; expected one of"
              + " them");
    }
    JobFile jobFile = JobFile.read(files);
    for (String setting : settings) {
      jobFile = jobFile.set(setting);
    }
    if (findRate) {
      return findRate(jobFile);
    }
    Job job = jobFile.job();
    try (TensorBoard board = tensorboard == null ? null : board(job)) {
      TrainingProgress progress = board == null ? progress() : progress().and(board);
      return train(job, progress);
    }
  }

  private int findRate(JobFile jobFile) {
    Job job =
        jobFile
            .set("training.warmUpEpochs=0")
            .set("training.optimizer.schedule={type: constant}")
            .job();
    engine.start(quiet || logsJson() ? new PrintWriter(Writer.nullWriter()) : err());
    RateFinder.Found found = Kinds.findRate(job);
    Path page = Path.of(job.output().dir()).resolve(job.name() + "-find-lr.html");
    try {
      Files.createDirectories(page.toAbsolutePath().getParent());
      AtomicFiles.write(page, found.html());
    } catch (IOException e) {
      throw IoErrors.unwritable(page, e);
    }
    out().printf("%s%nThe curve is in %s%n", found.sentence(), page);
    out().flush();
    return 0;
  }

  private int train(Job job, TrainingProgress progress) {
    Training training =
        Kinds.training(
            job, new Training.Options(runs.start(), runs.runId(), fastDevRun, overfit), progress);
    if (training.finished()) {
      return RunOptions.endedAlready(training.folder(), err());
    }
    engine.start(quiet || logsJson() ? new PrintWriter(Writer.nullWriter()) : err());
    try (Interruption interruption = new Interruption(training::stop, runs.interrupted())) {
      return run(training);
    }
  }

  private TensorBoard board(Job job) {
    Path folder = tensorboard.resolve(job.name());
    return TensorBoard.in(runs.runId() == null ? folder : folder.resolve(runs.runId()));
  }

  private TrainingProgress progress() {
    if (logsJson()) {
      return JsonProgress.to(err());
    }
    return quiet ? new Notes(err()) : ConsoleProgress.to(err());
  }

  /** Passes on what a user should know. */
  private record Notes(PrintWriter err) implements TrainingProgress {
    @Override
    public void note(String sentence) {
      err.println(sentence);
    }
  }

  /**
   * Says how it ended, before the end of the program goes on: the result on standard output, all
   * else where the progress is.
   */
  private int run(Training training) {
    try {
      Summary summary = training.run();
      if (logsJson()) {
        JsonProgress.to(err()).event("summary", Map.of("summary", summary));
      }
      out()
          .printf(
              "Test %s (the model of epoch %s): %s%n",
              summary.evaluation().headline(), summary.bestEpoch(), training.folder());
      out().flush();
      if (!quiet && !logsJson()) {
        err().println("Time: " + summary.time());
      }
      if (!logsJson()) {
        summary.time().advice().ifPresent(err()::println);
      }
      return 0;
    } catch (TrainingStoppedException e) {
      err().println(e.getMessage());
      err().flush();
      return ExitCode.INTERRUPTED.number();
    }
  }
}
