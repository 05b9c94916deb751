package org.descry.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.ExitCode;
import org.descry.cli.progress.ConsoleProgress;
import org.descry.cli.progress.JsonProgress;
import org.descry.cli.progress.TensorBoard;
import org.descry.io.AtomicFiles;
import org.descry.io.IoErrors;
import org.descry.io.NewFolder;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.Cluster;
import org.descry.kind.Kinds;
import org.descry.metrics.Confusion;
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
      names = "--split",
      paramLabel = "N",
      description = "Divide each batch into N shards, as training.split=N does.")
  private Integer split;

  @Option(
      names = "--cluster",
      paramLabel = "MASTER",
      description =
          "Train on Apache Spark, a shard of each batch on every executor: spark://HOST:PORT or"
              + " local-cluster[EXECUTORS,CORES,MB]. Needs a build with -Pcluster.")
  private String master;

  @Option(
      names = "--executors",
      paramLabel = "N",
      description = "With --cluster: how many, as --split N says on one machine.")
  private Integer executors;

  @Option(
      names = "--overfit-batches",
      paramLabel = "N",
      description =
          "Train on N batches alone, epoch after epoch, into a run folder of its own: what a"
              + " network cannot learn by heart it cannot learn.")
  private Integer overfit;

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

  private TensorBoard board; // while it is open; null where nobody asked for one

  @Override
  public Integer call() {
    requireAssignments(settings);
    runs.check(this);
    if (executors != null && (master == null || split != null)) {
      throw refusal("--executors is for --cluster, in place of --split");
    }
    if (master != null && (fastDevRun || overfit != null || findRate)) {
      throw refusal("--cluster is for whole trainings; expected no other kind beside it");
    }
    Integer parts = executors == null ? split : executors;
    require(
        parts == null || parts > 0,
        executors == null ? "--split" : "--executors",
        parts,
        "at least 1");
    require(overfit == null || overfit > 0, "--overfit-batches", overfit, "at least 1");
    if ((fastDevRun ? 1 : 0) + (overfit == null ? 0 : 1) + (findRate ? 1 : 0) > 1) {
      throw refusal(
          "--fast-dev-run, --overfit-batches and --find-lr exclude one another; expected one of"
              + " them");
    }
    JobFile jobFile = JobFile.read(files);
    jobFile = jobFile.set(settings);
    if (parts != null) {
      jobFile = jobFile.set("training.split=" + parts);
    }
    if (findRate) {
      return findRate(jobFile);
    }
    Job job = jobFile.job();
    if (tensorboard == null) {
      return train(job, progress());
    }
    NewFolder.requireMakeable(tensorboard.resolve(job.name()));
    try (TensorBoard opened = board(job)) {
      board = opened;
      return train(job, progress().and(opened));
    }
  }

  private int findRate(JobFile jobFile) {
    Job job =
        jobFile
            .set("training.warmUpEpochs=0")
            .set("training.optimizer.schedule={type: constant}")
            .job();
    Path page = Path.of(job.output().dir()).resolve(job.name() + "-find-lr.html");
    NewFolder.requireMakeable(page.resolveSibling(""));
    engine.start(quiet || logsJson() ? new PrintWriter(Writer.nullWriter()) : err());
    RateFinder.Found found = Kinds.findRate(job);
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
    int batches = overfit == null ? 0 : overfit; // 0 for all
    Training training =
        Kinds.training(
            job, new Training.Options(runs.start(), runs.runId(), fastDevRun, batches), progress);
    if (training.finished()) {
      return RunOptions.endedAlready(training.folder(), err());
    }
    if (master != null) {
      return trainOnCluster(job, progress);
    }
    engine.start(quiet || logsJson() ? new PrintWriter(Writer.nullWriter()) : err());
    try (Interruption interruption = new Interruption(training::stop, runs.interrupted())) {
      return run(training);
    }
  }

  private int trainOnCluster(Job job, TrainingProgress progress) {
    Training.Options options = new Training.Options(runs.start(), runs.runId(), false);
    try (Cluster.Run run = Cluster.find().train(master, job, options, progress);
        Interruption interruption = new Interruption(run::stop, runs.interrupted())) {
      return ended(
          () -> {
            Cluster.Result result = run.run();
            tell(result.headline(), result.bestEpoch(), run.folder());
            if (!quiet && !logsJson()) {
              err()
                  .printf(
                      Locale.ROOT,
                      "Time: %s, of it sums over %s executors %.1f s%n",
                      result.time(),
                      job.training().split(),
                      result.communication());
            }
          });
    }
  }

  private void tell(String headline, int bestEpoch, Path folder) {
    out().printf("Test %s (the model of epoch %s): %s%n", headline, bestEpoch, folder);
    out().flush();
  }

  private TensorBoard board(Job job) {
    Path folder = tensorboard.resolve(job.name());
    return TensorBoard.in(runs.runId() == null ? folder : folder.resolve(runs.runId()));
  }

  private TrainingProgress progress() {
    if (logsJson()) {
      return JsonProgress.to(err());
    }
    return quiet ? new Notes(err()) : ConsoleProgress.to(err(), colours());
  }

  /** Passes on what a user should know. */
  private record Notes(PrintWriter err) implements TrainingProgress {
    @Override
    public void note(String sentence) {
      err.println(sentence);
    }
  }

  private int run(Training training) {
    return ended(
        () -> {
          Summary summary = training.run();
          if (board != null
              && summary.evaluation() instanceof Confusion told
              && told.confusion() != null) {
            board.confusion(told.confusion(), summary.bestEpoch());
          }
          if (logsJson()) {
            JsonProgress.to(err()).event("summary", Map.of("summary", summary));
          }
          tell(summary.evaluation().headline(), summary.bestEpoch(), training.folder());
          if (!quiet && !logsJson()) {
            err().println("Time: " + summary.time());
          }
          if (!logsJson()) {
            summary.time().advice().ifPresent(err()::println);
          }
        });
  }

  /**
   * Says how it ended, before the end of the program goes on: the result on standard output, all
   * else where the progress is.
   */
  private int ended(Runnable training) {
    try {
      training.run();
      return 0;
    } catch (TrainingStoppedException e) {
      err().println(e.getMessage());
      err().flush();
      return ExitCode.INTERRUPTED.number();
    }
  }
}
