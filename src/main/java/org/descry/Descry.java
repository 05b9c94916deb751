package org.descry;

import java.nio.file.Path;
import org.descry.job.Job;
import org.descry.kind.Kinds;
import org.descry.kind.TrainedModel;
import org.descry.train.Training;
import org.descry.train.TrainingProgress;

/**
 * What programs ask of Descry: train a job, open a model. Both start the engine, which chooses the
 * native library, unless it runs already; nothing of a program should touch ND4J before.
 *
 * <p>A job comes from {@link org.descry.job.JobFile}; what a model of one kind can do beyond {@link
 * TrainedModel} is in its own class, such as {@link org.descry.kind.classifier.TrainedClassifier}.
 */
public final class Descry {
  private Descry() {}

  /**
   * Trains a job and leaves its run folder; an earlier run of the name is not replaced.
   *
   * @return the best model's zip
   * @throws DescryException as {@link Training#run}
   */
  public static Path train(Job job) {
    Training training = training(job, new Training.Options(false, false), TrainingProgress.NONE);
    training.run();
    return training.folder().resolve(Training.MODEL);
  }

  /**
   * A training that is yet to run, can be watched, and can be stopped from another thread.
   *
   * @param job one that has been checked, as {@link org.descry.job.JobFile#job} does
   */
  public static Training training(Job job, Training.Options options, TrainingProgress progress) {
    return Kinds.training(job, options, progress);
  }

  /**
   * Opens a model zip of any kind.
   *
   * @throws DescryException if the file is missing, is no model zip, or is damaged
   */
  public static TrainedModel open(Path model) {
    return Kinds.open(model);
  }
}
