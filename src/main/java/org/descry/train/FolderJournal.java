package org.descry.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.descry.DataException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.io.Json;
import org.descry.io.Versions;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.report.ReportSection;
import org.descry.train.checkpoint.Checkpoint;
import org.descry.train.checkpoint.Origin;
import org.descry.train.checkpoint.TrainingState;
import org.descry.train.folder.RunFolder;
import org.descry.train.report.ReportPage;

/** A training's journal in its run folder. */
final class FolderJournal implements RunJournal {
  /** Between two versions of a running training's report. */
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RunFolder folder;
  private final Job job;
  private final Task task;
  private final Origin origin;
  private final boolean checkpoints;
  private final TrainingProgress progress;
  private final ReportPage.About about;
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private long reported;

  /**
   * @param checkpoints whether to keep any
   */
  FolderJournal(
      RunFolder folder,
      Job job,
      Task task,
      Origin origin,
      boolean checkpoints,
      TrainingProgress progress,
      ReportPage.About about) {
    this.folder = folder;
    this.job = job;
    this.task = task;
    this.origin = origin;
    this.checkpoints = checkpoints;
    this.progress = progress;
    this.about = about;
  }

  /** The report of a training that came to its end. */
  void finished(Summary summary, List<ReportSection> sections) {
    folder.write(RunFolder.REPORT, new ReportPage(about, epochs).finished(summary, sections));
  }

  /** The report of a training that ended before its time. */
  void stopped(String why) {
    folder.write(RunFolder.REPORT, new ReportPage(about, epochs).stopped(why));
  }

  @Override
  public void metrics(List<EpochMetrics> done) {
    epochs.clear();
    epochs.addAll(done);
    folder.write(
        RunFolder.METRICS,
        done.stream().map(metrics -> Json.line(metrics) + "\n").collect(Collectors.joining()));
  }

  @Override
  public void add(EpochMetrics metrics) {
    epochs.add(metrics);
    folder.append(RunFolder.METRICS, Json.line(metrics));
    long now = System.nanoTime();
    if (epochs.size() == 1 || now - reported > LEAST_NANOS) {
      folder.write(RunFolder.REPORT, new ReportPage(about, epochs).running());
      reported = System.nanoTime();
    }
  }

  @Override
  public void model(EpochMetrics metrics) {
    Manifest manifest =
        task.manifest(
            new Manifest.Provenance(
                JobFile.tree(job),
                task.data().sizes(),
                metrics.withoutTimes(),
                Versions.all(),
                origin.fingerprint(),
                origin.weights(),
                origin.engine(),
                origin.changes()));
    folder.saveModel(out -> new ModelArchive(task.network(), manifest).write(out));
  }

  @Override
  public boolean hasModel(EpochMetrics metrics) {
    try {
      return folder.hasModel()
          && metrics
              .withoutTimes()
              .equals(ModelArchive.readManifest(folder.model()).provenance().metrics());
    } catch (DataException e) {
      return false; // damaged
    }
  }

  @Override
  public void checkpoint(Checkpoint checkpoint, Metric selection) {
    if (checkpoints) {
      folder.checkpoint(checkpoint, job.training().checkpoint(), selection);
    }
  }

  @Override
  public Optional<Checkpoint> newest(Predicate<TrainingState> good) {
    return folder.newest(good, progress::note);
  }
}
