package org.descry.kind;

import java.util.List;
import java.util.Map;
import org.descry.data.image.ImageLoader;

/** What a model has to say about images, for any number of threads. */
public interface ImageAnswers {
  /** Makes of image files what {@link #of} takes. */
  ImageLoader loader();

  /** All that the answers depend on beside the model and the images, for JSON. */
  Map<String, Object> settings();

  /**
   * An answer to each image, for JSON, computed by one thread: the same images together get the
   * same answers.
   *
   * @param pixels of images, as the loader leaves them
   */
  List<Map<String, Object>> of(List<byte[]> pixels);
}
