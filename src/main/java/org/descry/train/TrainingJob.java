package org.descry.train;

import java.nio.file.Path;
import org.descry.Descry;
import org.descry.train.job.Job;

/**
 * A training under its name of version 0.1.0.
 *
 * @deprecated use {@link Descry#train} or {@link Descry#training}
 */
@Deprecated(since = "0.2.0")
public final class TrainingJob {
  private final Training training;

  /**
   * What {@link Training.Options} says.
   *
   * @param replace whether an earlier run of the name may be replaced
   * @param fastDevRun whether to do two batches of everything, beside the job's own results
   */
  public record Options(boolean replace, boolean fastDevRun) {}

  /** A training that is yet to run. */
  public TrainingJob(Job job, Options options, TrainingProgress progress) {
    training =
        Descry.training(
            job.settings(),
            new Training.Options(options.replace(), options.fastDevRun()),
            progress);
  }

  /** Where the results go. */
  public Path folder() {
    return training.folder();
  }

  /** Asks the training to end after the step that it is in. */
  public void stop() {
    training.stop();
  }

  /**
   * Trains.
   *
   * @throws org.descry.DescryException as {@link Training#run}
   */
  public Summary run() {
    return training.run();
  }
}
