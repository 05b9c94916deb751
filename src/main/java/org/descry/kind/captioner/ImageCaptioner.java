package org.descry.kind.captioner;

import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.descry.generate.Decoding;
import org.descry.kind.InputImage;

/** What a service asks of a captioner. Any number of threads may ask one at the same time. */
public interface ImageCaptioner extends AutoCloseable {
  /**
   * How words are found as the job says, with another width of its beam.
   *
   * @param beam at least 1, which is greedy
   */
  Decoding beam(int beam);

  /**
   * A sentence for each image.
   *
   * @throws org.descry.DataException if one cannot be read or is no image, or the model takes
   *     features
   * @throws org.descry.TimedOutException if it takes longer than {@link #within} says
   * @throws IllegalStateException if the model has been closed
   */
  List<String> captionAll(List<InputImage> images, Decoding decoding);

  /** As {@link #captionAll}, of one image. */
  default String caption(InputImage image, Decoding decoding) {
    return captionAll(List.of(image), decoding).get(0);
  }

  /** As {@link #caption(InputImage, Decoding)}. */
  default String caption(Path file, Decoding decoding) {
    return caption(InputImage.of(file), decoding);
  }

  /** As {@link #caption(InputImage, Decoding)}. */
  default String caption(byte[] file, Decoding decoding) {
    return caption(InputImage.of(file), decoding);
  }

  /** As {@link #caption(InputImage, Decoding)}. */
  default String caption(InputStream file, Decoding decoding) {
    return caption(InputImage.of(file), decoding);
  }

  /** As {@link #caption(InputImage, Decoding)}. */
  default String caption(BufferedImage image, Decoding decoding) {
    return caption(InputImage.of(image), decoding);
  }

  /**
   * The same model, whose calls wait no longer than that for an answer; closing one closes the
   * other.
   *
   * @param limit for the whole of a call, its waiting for other callers too
   */
  ImageCaptioner within(Duration limit);

  /** Lets calls that there are end and refuses others. */
  @Override
  void close();
}
