package org.descry.data.image;

import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Fingerprint;

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
