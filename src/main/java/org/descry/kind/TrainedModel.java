package org.descry.kind;

import java.nio.file.Path;
import org.descry.archive.Manifest;
import org.descry.metrics.Evaluation;

/** A model from a zip, whatever its kind. */
public interface TrainedModel {
  /** What the zip says of itself. */
  Manifest manifest();

  /**
   * Measures the model on the test part of the data that it was trained on.
   *
   * @throws org.descry.DescryException if the data is no longer where the job says
   */
  Evaluation evaluate();

  /**
   * Measures the model on other data.
   *
   * @param data a folder of images for a classifier, a text file for a language model
   * @throws org.descry.DescryException if the data cannot be read, or do not suit the model
   */
  Evaluation evaluate(Path data);
}
