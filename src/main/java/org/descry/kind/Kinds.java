package org.descry.kind;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.archive.ModelArchive;
import org.descry.data.Intake;
import org.descry.data.KeptData;
import org.descry.data.SharedData;
import org.descry.job.Job;
import org.descry.kind.captioner.CaptionerKind;
import org.descry.kind.classifier.ClassifierKind;
import org.descry.kind.language.LanguageKind;
import org.descry.kind.sequence.SequenceKind;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.Summary;
import org.descry.train.Task;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;
import org.descry.train.rate.RateFinder;

/** The kinds of job that there are: the only list of them. */
public final class Kinds {
  /** All of them. */
  static final List<Kind> ALL =
      List.of(ClassifierKind.KIND, CaptionerKind.KIND, LanguageKind.KIND, SequenceKind.KIND);

  private Kinds() {}

  /** The kind of a job. */
  static Kind of(Job job) {
    return ALL.stream()
        .filter(kind -> kind.model().isInstance(job.model()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No kind takes " + job.model()));
  }

  /** Reads a job's data and builds its network, see {@link Task.Loader#load}. */
  public static Task load(Job job, Task.Limits limits) {
    return load(job, limits, SharedData.none());
  }

  /** The same, with data that other processes have decoded or wait for. */
  public static Task load(Job job, Task.Limits limits, SharedData shared) {
    return load(job, limits, Task.intake(job.data(), new KeptData(shared)));
  }

  private static Task load(Job job, Task.Limits limits, Intake intake) {
    return of(job).loader().load(job, limits, intake);
  }

  /** All that a job measures, after each epoch and in the end. */
  public static List<Metric> metrics(Job job) {
    return Stream.of(of(job).metrics().apply(job), EpochMetrics.LOSSES, Summary.METRICS)
        .flatMap(List::stream)
        .toList();
  }

  /** A training of a job that has been checked already. */
  public static Training training(Job job, Training.Options options, TrainingProgress progress) {
    return inARow(SharedData.none()).training(job, options, progress);
  }

  /** Makes trainings of jobs that have been checked already. */
  @FunctionalInterface
  public interface Trainings {
    Training training(Job job, Training.Options options, TrainingProgress progress);
  }

  /**
   * Trainings each of which finds the data that the one before has read, if they are the same.
   *
   * @param shared what other processes may have decoded
   */
  public static Trainings inARow(SharedData shared) {
    KeptData kept = new KeptData(shared);
    return (job, options, progress) -> new Training(job, Kinds::load, options, progress, kept);
  }

  /**
   * Looks for a job's learning rate, see {@link RateFinder}.
   *
   * @param job with a constant rate
   */
  public static RateFinder.Found findRate(Job job) {
    return RateFinder.run(job, load(job, Task.Limits.NONE));
  }

  /**
   * Opens a model zip of any kind. Starts the engine, unless it runs already.
   *
   * @throws DescryException as {@link ModelArchive#read}, or if the kind is of a later version
   */
  public static TrainedModel open(Path file) {
    return open(file, ModelArchive.read(file));
  }

  /** As {@link #open(Path)}, of what a stream holds up to its end. */
  public static TrainedModel open(InputStream in) {
    Path name = Path.of("The stream");
    return open(name, ModelArchive.read(name, in));
  }

  private static TrainedModel open(Path file, ModelArchive archive) {
    String name = archive.manifest().kind();
    return ALL.stream()
        .filter(kind -> kind.name().toString().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(file, name))
        .opener()
        .apply(file, archive);
  }

  private static DescryException unknown(Path file, String name) {
    return new DataException(
        "%s: is a %s; expected one of %s."
            .formatted(
                file,
                name,
                ALL.stream()
                    .map(kind -> kind.name().toString())
                    .collect(Collectors.joining(", "))));
  }
}
