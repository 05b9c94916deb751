package org.descry;

import java.io.InputStream;
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

  /**
   * As {@link #open(Path)}, of what a stream holds up to its end, such as a resource of the class
   * path; whoever has opened the stream closes it.
   */
  public static TrainedModel open(InputStream model) {
    return Kinds.open(model);
  }

  /**
   * Opens a model zip for a service.
   *
   * @param type what it is to do, such as {@link org.descry.kind.classifier.ImageClassifier},
   *     {@link org.descry.kind.captioner.ImageCaptioner} or {@link
   *     org.descry.kind.language.TextModel}
   * @throws DescryException as {@link #open(Path)}, and if it is a model of another kind
   */
  public static <T> T open(Path model, Class<T> type) {
    return as(type, open(model), model);
  }

  /** As {@link #open(Path, Class)}, of what a stream holds up to its end. */
  public static <T> T open(InputStream model, Class<T> type) {
    return as(type, open(model), "The stream");
  }

  private static <T> T as(Class<T> type, TrainedModel model, Object name) {
    if (!type.isInstance(model)) {
      throw new DataException(
          "%s is a %s; expected a model that is a %s."
              .formatted(name, model.manifest().kind(), type.getSimpleName()));
    }
    return type.cast(model);
  }
}
