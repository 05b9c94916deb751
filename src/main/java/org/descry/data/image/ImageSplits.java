package org.descry.data.image;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Fingerprint;
import org.descry.data.Intake;
import org.descry.data.SharedData.Decoded;

/**
 * The parts of a data set. A part that the source does not have is empty, never null; all parts
 * have the same image size and classes.
 *
 * @param train what the network learns from and what the normaliser is fitted on
 * @param validation what the best epoch is chosen by
 * @param test what is looked at once, at the end
 */
public record ImageSplits(ImageSet train, ImageSet validation, ImageSet test) {
  /**
   * @throws DescryException if the parts differ in image size or classes
   */
  public ImageSplits {
    train.requireSameKind(validation);
    train.requireSameKind(test);
  }

  /** The parts with {@code validation} and {@code test} empty where null. */
  public static ImageSplits of(ImageSet train, ImageSet validation, ImageSet test) {
    ImageSet none = train.subset(0, 0);
    return new ImageSplits(
        train, validation == null ? none : validation, test == null ? none : test);
  }

  /**
   * What the parts are beside their bytes, for other processes.
   *
   * @param parts training, validation, test
   */
  record About(
      int height, int width, int channels, List<String> labelNames, List<ImageSet.Labels> parts) {}

  /**
   * Reads the parts, or finds what another process has read.
   *
   * @param key what they depend on, in the same words in every process
   */
  public static ImageSplits shared(String key, Intake intake, Supplier<ImageSplits> reading) {
    return of(intake.decoded(About.class, key, () -> decoded(reading.get())));
  }

  private static Decoded<About> decoded(ImageSplits splits) {
    List<ImageSet> parts = List.of(splits.train, splits.validation, splits.test);
    ImageSet one = splits.train;
    return new Decoded<>(
        new About(
            one.height(),
            one.width(),
            one.channels(),
            one.labelNames(),
            parts.stream().map(ImageSet::labels).toList()),
        parts.stream().map(ImageSet::rows).toList());
  }

  private static ImageSplits of(Decoded<About> decoded) {
    About about = decoded.about();
    List<ImageSet> parts = new ArrayList<>();
    for (ImageSet.Labels part : about.parts) {
      parts.add(
          new ImageSet(
              about.height,
              about.width,
              about.channels,
              about.labelNames,
              Pixels.of(decoded.parts().get(parts.size())),
              part.labels(),
              part.names()));
    }
    return new ImageSplits(parts.get(0), parts.get(1), parts.get(2));
  }

  /** Adds all parts. */
  public void addTo(Fingerprint fingerprint) {
    train.addTo(fingerprint);
    validation.addTo(fingerprint);
    test.addTo(fingerprint);
  }

  /**
   * These parts, with a validation part of {@code count} images carved out of the training part
   * (stratified, from {@code seed}) if the source has none of its own.
   *
   * @throws DescryException if {@code count} is negative or takes the whole training part
   */
  public ImageSplits withValidation(int count, long seed) {
    if (!validation.isEmpty()) {
      return this;
    }
    ImageSet.Split split = train.split(count, seed);
    return new ImageSplits(split.rest(), split.heldOut(), test);
  }

  /**
   * As {@link #withValidation(int, long)}, with a fraction of the training part.
   *
   * @param fraction 0 (inclusive) to 1 (exclusive)
   * @throws DescryException if the fraction is out of range
   */
  public ImageSplits withValidation(double fraction, long seed) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw new DataException(
          "The validation fraction must be at least 0 and below 1, but is " + fraction + ".");
    }
    return withValidation((int) Math.round(fraction * train.size()), seed);
  }
}
