package org.descry.train;

import java.nio.file.Path;
import java.util.List;

/**
 * A classifier from a model zip under its name of version 0.1.0.
 *
 * @deprecated use {@link org.descry.kind.classifier.TrainedClassifier}
 */
@Deprecated(since = "0.2.0")
public final class TrainedClassifier {
  private final org.descry.kind.classifier.TrainedClassifier model;

  private TrainedClassifier(org.descry.kind.classifier.TrainedClassifier model) {
    this.model = model;
  }

  /**
   * A class and what the model gives it.
   *
   * @param label the class
   * @param value its probability, or its score of an SVM
   */
  public record Answer(String label, float value) {}

  /**
   * Opens a model zip.
   *
   * @throws org.descry.DescryException as {@link org.descry.kind.classifier.TrainedClassifier#load}
   */
  public static TrainedClassifier load(Path file) {
    return new TrainedClassifier(org.descry.kind.classifier.TrainedClassifier.load(file));
  }

  /**
   * The likeliest classes of each image, best first.
   *
   * @throws org.descry.DescryException if an image cannot be read
   */
  public List<List<Answer>> classify(List<Path> images, int top) {
    return model.classify(images, top).stream()
        .map(
            answers ->
                answers.stream().map(answer -> new Answer(answer.label(), answer.value())).toList())
        .toList();
  }
}
