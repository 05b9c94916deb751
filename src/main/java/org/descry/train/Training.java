package org.descry.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.data.Intake;
import org.descry.data.Intake.BadRecord;
import org.descry.data.KeptData;
import org.descry.engine.Engine;
import org.descry.io.Json;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.report.ReportSection;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Origin;
import org.descry.train.events.FlightEvents;
import org.descry.train.folder.RunFolder;
import org.descry.train.layers.NetworkDescription;
import org.descry.train.layers.NetworkSection;
import org.descry.train.report.ReportPage;
import org.descry.train.step.Batches;
import org.descry.train.step.Fitter;

/**
 * Trains a model as a job says and leaves everything about it in the run folder: the resolved
 * {@code job.yaml}, {@code metrics.jsonl}, checkpoints to go on from, the best model by validation
 * as {@code model.zip}, {@code summary.json} and {@code report.html}.
 *
 * <p>For one thread; {@link #stop} may come from another.
 */
public final class Training {
  /** The best model's file in the run folder. */
  public static final String MODEL = RunFolder.MODEL;

  private static final int FAST_BATCHES = 2;

  private final Job job;
  private final Task.Loader loader;
  private final Options options;
  private final TrainingProgress progress;
  private final KeptData kept;
  private final Beginning beginning;
  private final StopSignal stop = new StopSignal();

  /** How a training begins where there may be an earlier run of its name. */
  public enum Start {
    /** Anew; refused if there is one. */
    NEW,
    /** Anew; an earlier run is replaced once there is a model. */
    REPLACE,
    /** With the earlier run, from its newest checkpoint; refused if there is none. */
    RESUME,
    /** With the earlier run if there is one, else anew. */
    AUTO,
    /**
     * As {@link #AUTO}, but an earlier run of another job is replaced, and one that has ended keeps
     * no checkpoints: a candidate of a sweep.
     */
    AUTO_OR_REPLACE;

    boolean resumes() {
      return this != NEW && this != REPLACE;
    }
  }

  /**
   * @param start what to do about an earlier run of the name
   * @param runId name of one run of several; null for the job's folder, or as the job says
   * @param fastDevRun whether to do two batches of everything, beside the job's own results
   * @param overfitBatches so many batches of everything, epoch after epoch, beside the job's own
   *     results; 0 for all that there is
   * @param dir that the run folder lies in; null for what the job says
   */
  public record Options(
      Start start, String runId, boolean fastDevRun, int overfitBatches, Path dir) {
    /** Where the job says. */
    public Options(Start start, String runId, boolean fastDevRun, int overfitBatches) {
      this(start, runId, fastDevRun, overfitBatches, null);
    }

    public Options(Start start, String runId, boolean fastDevRun) {
      this(start, runId, fastDevRun, 0);
    }

    /**
     * @param replace whether an earlier run of the name may be replaced
     */
    public Options(boolean replace, boolean fastDevRun) {
      this(replace ? Start.REPLACE : Start.NEW, null, fastDevRun);
    }

    int epochs(Job job) {
      return fastDevRun ? 1 : job.training().epochs();
    }

    /** Of each part, at most. */
    private int examples(Job job) {
      int batches = fastDevRun ? FAST_BATCHES : overfitBatches;
      return batches == 0
          ? Integer.MAX_VALUE
          : (int) Math.min(Integer.MAX_VALUE, (long) batches * job.training().batchSize());
    }
  }

  /**
   * @param job one that has been checked already
   * @param loader of its kind
   * @throws org.descry.DescryException if there can be no run where the job and the options say
   */
  public Training(Job job, Task.Loader loader, Options options, TrainingProgress progress) {
    this(job, loader, options, progress, new KeptData());
  }

  /**
   * The same.
   *
   * @param kept data of trainings before this one
   */
  public Training(
      Job job, Task.Loader loader, Options options, TrainingProgress progress, KeptData kept) {
    this.job = job;
    this.loader = loader;
    this.options = options;
    this.progress = progress.and(new FlightEvents());
    this.kept = kept;
    this.beginning = Beginning.of(job, options);
  }

  /** Where the results go. */
  public Path folder() {
    return beginning.folder();
  }

  /** Asks the training to end after the step that it is in; an evaluation is broken off. */
  public void stop() {
    stop.ask();
  }

  /**
   * Whether the run that was to go on has come to its end, so that there is nothing left to {@link
   * #run}.
   *
   * @throws UsageException if it is one of another job
   */
  public boolean finished() {
    return beginning.finished();
  }

  /**
   * Reads the data, trains, and evaluates the best model on the test part. Starts the engine,
   * unless it runs already.
   *
   * @throws org.descry.DescryException if the engine cannot start, if the data is damaged, the run
   *     folder is taken or cannot be written, the loss is no longer finite, or there is nothing to
   *     go on with
   * @throws TrainingStoppedException if {@link #stop} was called
   */
  public Summary run() {
    Engine.start();
    Fitter.requirePrecision(job.training());
    try (RunFolder folder = beginning.claim()) {
      Checkpoint from = beginning.checkpoint(folder, progress).orElse(null);
      Intake intake = Task.intake(job.data(), kept);
      Task task = load(folder, new Task.Limits(options.examples(job)), intake);
      try (Batches batches = task.batches()) {
        return run(folder, task, batches, from, intake);
      }
    }
  }

  private Task load(RunFolder folder, Task.Limits limits, Intake intake) {
    try {
      return Loading.load(loader, job, limits, intake, stop);
    } catch (DescryException e) {
      List<BadRecord> bad = intake.leftOut();
      if (!bad.isEmpty()) {
        folder.refuse(JobFile.resolved(job), lines(bad));
      }
      throw e;
    }
  }

  private static String lines(List<BadRecord> bad) {
    return bad.stream().map(record -> Json.line(record) + "\n").collect(Collectors.joining());
  }

  private Summary run(
      RunFolder folder, Task task, Batches batches, Checkpoint from, Intake intake) {
    String fingerprint = intake.fingerprint(task.data()::fingerprint);
    Origin now = Origin.of(job, task.data().sizes(), fingerprint, task.data().weights());
    Origin origin = beginning.begin(folder, from, now, progress);
    folder.write(RunFolder.JOB, JobFile.resolved(job));
    List<BadRecord> bad = intake.leftOut();
    if (!bad.isEmpty()) {
      folder.write(RunFolder.BAD_RECORDS, lines(bad));
    }
    ReportPage.About about = ReportPage.About.of(job, options.epochs(job), task);
    FolderJournal journal =
        new FolderJournal(folder, job, task, origin, !options.fastDevRun, progress, about);
    try {
      return run(folder, task, batches, from, origin, journal);
    } catch (DescryException e) {
      tell(journal, e);
      throw e;
    }
  }

  /** A report that cannot be written does not hide why the training ended. */
  private static void tell(FolderJournal journal, DescryException why) {
    try {
      journal.stopped(why.getMessage());
    } catch (DescryException e) {
      why.addSuppressed(e);
    }
  }

  private Summary run(
      RunFolder folder,
      Task task,
      Batches batches,
      Checkpoint from,
      Origin origin,
      FolderJournal journal) {
    TrainingLoop.Result result =
        new TrainingLoop(
                job.training(),
                job.seed(),
                options.epochs(job),
                task,
                batches,
                new TrainingLoop.Events(journal, progress, stop, origin))
            .run(from);
    if (result.ended() == null) {
      throw stopped(result);
    }
    ComputationGraph best = task.read(folder.model());
    Task.Test test = stop.attempt(() -> task.test(best)).orElseThrow(() -> stopped(result));
    List<ReportSection> sections = new ArrayList<>(test.sections());
    NetworkDescription.of(best, task.manifest(null), job.training())
        .ifPresent(network -> sections.addAll(NetworkSection.of(best, network)));
    return report(folder, task, result, new Task.Test(test.evaluation(), sections), journal);
  }

  private TrainingStoppedException stopped(TrainingLoop.Result result) {
    return new TrainingStoppedException(
        "Stopped %s; --resume goes on; %s."
            .formatted(
                result.ended() == null
                    ? "in epoch " + (result.epochs().size() + 1)
                    : "while the test part was evaluated",
                result.best() == null
                    ? "there was no model to keep yet"
                    : "the best model so far is " + folder().resolve(MODEL)));
  }

  private Summary report(
      RunFolder folder,
      Task task,
      TrainingLoop.Result result,
      Task.Test test,
      FolderJournal journal) {
    Summary summary = Summary.of(job, task, result, test.evaluation(), options.fastDevRun);
    // The summary says that all is there.
    journal.finished(summary, test.sections());
    folder.write(RunFolder.SUMMARY, Json.pretty(summary) + "\n");
    if (options.start == Start.AUTO_OR_REPLACE) {
      folder.deleteCheckpoints();
    }
    return summary;
  }
}
