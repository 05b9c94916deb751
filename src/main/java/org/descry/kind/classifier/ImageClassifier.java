package org.descry.kind.classifier;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.descry.kind.InputImage;
import org.descry.kind.classifier.TrainedClassifier.Answer;

/**
 * What a service asks of a classifier. Any number of threads may ask one at the same time.
 *
 * <pre>{@code
 * try (ImageClassifier classifier = Descry.open(zip, ImageClassifier.class)) {
 *   Answer best = classifier.classify(upload.getInputStream(), 1).get(0);
 * }
 * }</pre>
 */
public interface ImageClassifier extends AutoCloseable {
  /** The names of the classes. */
  List<String> labels();

  /**
   * The best answers to each image, best first.
   *
   * @param top how many answers an image; of fewer classes there are fewer
   * @throws org.descry.DataException if one cannot be read or is no image
   * @throws org.descry.TimedOutException if it takes longer than {@link #within} says
   * @throws IllegalStateException if the model has been closed
   */
  List<List<Answer>> classifyAll(List<InputImage> images, int top);

  /** As {@link #classifyAll}, of one image. */
  default List<Answer> classify(InputImage image, int top) {
    return classifyAll(List.of(image), top).get(0);
  }

  /** As {@link #classify(InputImage, int)}. */
  default List<Answer> classify(Path file, int top) {
    return classify(InputImage.of(file), top);
  }

  /** As {@link #classify(InputImage, int)}. */
  default List<Answer> classify(byte[] file, int top) {
    return classify(InputImage.of(file), top);
  }

  /** As {@link #classify(InputImage, int)}. */
  default List<Answer> classify(InputStream file, int top) {
    return classify(InputImage.of(file), top);
  }

  /** As {@link #classify(InputImage, int)}. */
  default List<Answer> classify(BufferedImage image, int top) {
    return classify(InputImage.of(image), top);
  }

  /**
   * The same model, whose calls wait no longer than that for an answer; closing one closes the
   * other.
   *
   * @param limit for the whole of a call, its waiting for other callers too
   */
  ImageClassifier within(Duration limit);

  /** Lets calls that there are end and refuses others. */
  @Override
  void close();
}
