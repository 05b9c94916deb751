package org.descry.train;

import java.nio.file.Path;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.descry.io.Versions;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;

/**
 * Trains a model as a job says and leaves everything about it in the run folder: the resolved
 * {@code job.yaml}, {@code metrics.jsonl}, the best model by validation as {@code model.zip},
 * {@code summary.json} and {@code report.html}.
 *
 * <p>For one thread; {@link #stop} may come from another.
 */
public final class Training {
  /** The best model's file in the run folder. */
  public static final String MODEL = "model.zip";

  private static final int FAST_BATCHES = 2;

  private final Job job;
  private final Task.Loader loader;
  private final Options options;
  private final TrainingProgress progress;
  private volatile boolean stopped;

  /**
   * @param replace whether an earlier run of the name may be replaced
   * @param fastDevRun whether to do two batches of everything, beside the job's own results
   */
  public record Options(boolean replace, boolean fastDevRun) {}

  /**
   * @param job one that has been checked already
   * @param loader of its kind
   */
  public Training(Job job, Task.Loader loader, Options options, TrainingProgress progress) {
    this.job = job;
    this.loader = loader;
    this.options = options;
    this.progress = progress;
  }

  /** Where the results go. */
  public Path folder() {
    return Path.of(job.output().dir()).resolve(runName());
  }

  private String runName() {
    return options.fastDevRun ? job.name() + "-fast-dev-run" : job.name();
  }

  /** Asks the training to end after the step that it is in. */
  public void stop() {
    stopped = true;
  }

  /**
   * Reads the data, trains, and evaluates the best model on the test part. Starts the engine,
   * unless it runs already.
   *
   * @throws org.descry.DescryException if the engine cannot start, if the data is damaged, the run
   *     folder is taken or cannot be written, or the loss is no longer finite
   * @throws TrainingStoppedException if {@link #stop} was called
   */
  public Summary run() {
    Engine.start();
    Path dir = Path.of(job.output().dir());
    try (RunFolder folder =
        options.fastDevRun
            ? RunFolder.claimFastDevRun(dir, runName())
            : RunFolder.claim(dir, runName(), options.replace)) {
      int atMost =
          options.fastDevRun ? FAST_BATCHES * job.training().batchSize() : Integer.MAX_VALUE;
      return run(folder, loader.load(job, new Task.Limits(atMost)));
    }
  }

  private Summary run(RunFolder folder, Task task) {
    folder.begin();
    folder.write(RunFolder.JOB, JobFile.resolved(job));
    TrainingLoop.Saver saver =
        metrics -> {
          Manifest manifest =
              task.manifest(
                  new Manifest.Provenance(
                      JobFile.tree(job), task.sizes(), metrics.withoutTimes(), Versions.all()));
          folder.saveModel(out -> new ModelArchive(task.network(), manifest).write(out));
        };
    TrainingLoop loop =
        new TrainingLoop(job.training(), job.seed(), options.fastDevRun ? 1 : Integer.MAX_VALUE);
    TrainingLoop.Result result =
        loop.run(task, new TrainingLoop.Events(folder, saver, progress, () -> stopped));
    if (stopped) {
      throw new TrainingStoppedException(
          "Stopped in epoch %s; %s."
              .formatted(
                  result.epochs().size() + 1,
                  result.best() == null
                      ? "there was no model to keep yet"
                      : "the best model so far is " + folder.model()));
    }
    return report(folder, task, result);
  }

  private Summary report(RunFolder folder, Task task, TrainingLoop.Result result) {
    Task.Test test = task.test(ModelArchive.read(folder.model()).network());
    EpochMetrics chosen = result.best();
    Engine.Choice engine = Engine.start();
    Summary summary =
        new Summary(
            job.name(),
            test.evaluation(),
            chosen.epoch(),
            chosen.validationLoss(),
            chosen.scores(),
            result.epochs().size(),
            options.fastDevRun ? "fastDevRun" : result.outOfTime() ? "maxTime" : "epochs",
            task.network().params().length(),
            result.seconds(),
            Versions.all(),
            job.seed(),
            engine.binary(),
            engine.threads());
    folder.write(RunFolder.SUMMARY, Json.pretty(summary) + "\n");
    folder.write(
        RunFolder.REPORT, new ReportPage(summary, result.epochs(), test.sections()).html());
    return summary;
  }
}
