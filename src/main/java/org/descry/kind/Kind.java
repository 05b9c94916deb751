package org.descry.kind;

import java.nio.file.Path;
import java.util.List;
import org.descry.archive.ModelArchive;
import org.descry.job.Job;
import org.descry.job.ModelSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.Task;

/** A kind of job and of model: all that is done in its own way. One of them lies in one package. */
public interface Kind {
  /** What a model zip calls it, such as {@code classifier}. */
  String name();

  /** The settings of its networks: they say what kind a job is of. */
  Class<? extends ModelSettings> model();

  /** What a job of this kind measures beside {@link EpochMetrics#LOSSES}, epochs' first. */
  List<Metric> metrics(Job job);

  /**
   * Reads a job's data and builds its network.
   *
   * @throws org.descry.DescryException if the data cannot be read, or the model does not fit it
   */
  Task load(Job job, Task.Limits limits);

  /**
   * A trained model, ready to use.
   *
   * @param source what the model is called in messages: its file
   */
  TrainedModel open(Path source, ModelArchive archive);
}
