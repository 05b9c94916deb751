package org.descry.kind;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.archive.Manifest;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.engine.dnn.Precision;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.kind.service.Service;
import org.descry.metrics.Evaluation;

/** A model from a zip, whatever its kind. */
public abstract class TrainedModel implements AutoCloseable {
  /** The setting of answers that are not in float32. */
  public static final String PRECISION = "precision";

  private final Path file;
  private final ModelArchive archive;

  /**
   * @param file what the model is called in messages
   */
  protected TrainedModel(Path file, ModelArchive archive) {
    this.file = file;
    this.archive = archive;
  }

  /**
   * Lets calls that there are end and refuses others. The parameters stay in memory for as long as
   * anything refers to the model.
   */
  @Override
  public void close() {}

  /** What the zip says of itself. */
  public final Manifest manifest() {
    return archive.manifest();
  }

  protected final Path file() {
    return file;
  }

  /** What is in the zip. */
  protected final ModelArchive archive() {
    return archive;
  }

  protected final ComputationGraph network() {
    return archive.network();
  }

  /** What answers for the network: itself, or another that does so faster. */
  protected ComputationGraph answering() {
    return network();
  }

  /** The model as a server sees it. */
  public abstract Service<?, ?> service();

  /**
   * The model at work on many images.
   *
   * @param settings how, as {@link ImageAnswers#settings} tells it; {@value #PRECISION} may be
   *     among them
   * @throws org.descry.DescryException if the model is none of images, or this machine does not
   *     have the precision
   */
  public final ImageAnswers answers(Map<String, Object> settings) {
    if (!Precision.BFLOAT16.toString().equals(settings.get(PRECISION))) {
      return imageAnswers(settings);
    }
    String obstacle = Precision.BFLOAT16.obstacle();
    if (obstacle != null) {
      throw new UsageException(
          "The answers are to be in bfloat16; expected a machine that has it, got one where "
              + obstacle
              + ".");
    }
    return Precision.BFLOAT16.during(() -> imageAnswers(settings));
  }

  /** As {@link #answers}, for the kinds of models that have them. */
  protected ImageAnswers imageAnswers(Map<String, Object> settings) {
    throw new UsageException(
        "%s is a %s; expected a model of images for --input.".formatted(file, manifest().kind()));
  }

  /**
   * The classes that a model takes what people name for: images' files, texts, or CSV files.
   *
   * @param top how many answers each; no more than there are classes
   * @return of each the best classes, best first, as {@link ClassScores#told} tells them
   * @throws org.descry.DescryException if the model knows no classes, or what is named is not for
   *     it
   */
  public List<List<Map<String, Object>>> predict(List<String> given, int top) {
    throw new DataException(
        "%s is a %s; expected a %s."
            .formatted(
                file, manifest().kind(), String.join(" or a ", ModelKind.ofClasses(manifest()))));
  }

  /**
   * The same model, evaluated on several views of each example, whose answers are averaged.
   *
   * @return another object
   * @throws org.descry.DescryException if its examples have no views
   */
  public TrainedModel onViews() {
    throw new UsageException(
        "--tta is given for %s; expected a classifier with it.".formatted(file));
  }

  /**
   * The same model, whose evaluations write each answer into a CSV file.
   *
   * @return another object
   * @throws org.descry.DescryException if its evaluations have no such answers
   */
  public TrainedModel writingPredictions(Path csv) {
    throw new UsageException(
        "--predictions is given for %s; expected a classifier of images with it.".formatted(file));
  }

  /**
   * Asks the network what it was asked when its zip was written.
   *
   * @return the largest difference of an answer; empty if the zip holds no such batch
   * @throws org.descry.DescryException if the answers are others
   */
  public final OptionalDouble selfTest() {
    return selfTest(0);
  }

  /**
   * As {@link #selfTest()}, where products are rounded more than they were.
   *
   * @param allowed difference of an answer, if that is more than its zip allows
   */
  public final OptionalDouble selfTest(double allowed) {
    return archive.selfTest() == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(archive.selfTest().check(file, manifest(), answering(), allowed));
  }

  /** Bytes of the model's parameters. */
  public final long parameterBytes() {
    return network().params().length() * network().params().dataType().width();
  }

  /** The job that the model comes from. */
  protected final Job job() {
    return JobFile.of(file + " (provenance)", manifest().provenance().job()).job();
  }

  /**
   * Measures the model on the test part of the data that it was trained on, where they lie: nothing
   * is downloaded, whatever the job in the zip says.
   *
   * @throws org.descry.DescryException if the data is no longer where the job says, or has changed
   */
  public abstract Evaluation evaluate();

  /**
   * Measures the model on other data.
   *
   * @param data a folder of images for a classifier, a text file for a language model, a caption
   *     file or its folder for a captioner
   * @throws org.descry.DescryException if the data cannot be read, or do not suit the model
   */
  public abstract Evaluation evaluate(Path data);

  /**
   * Measures the model on other data whose images lie elsewhere, which is a captioner's matter.
   *
   * @param images null where they lie with the data
   * @throws org.descry.DescryException as {@link #evaluate(Path)}
   */
  public Evaluation evaluate(Path data, Path images) {
    if (images != null) {
      throw new UsageException(
          "--images is for captioners, but %s is a %s; expected --data alone."
              .formatted(file, manifest().kind()));
    }
    return evaluate(data);
  }
}
