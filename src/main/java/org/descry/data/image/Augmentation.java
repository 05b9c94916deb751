package org.descry.data.image;

/**
 * Random changes to training images, drawn for each image and epoch anew.
 *
 * @param mirror flips left and right with probability 1/2
 * @param shift moves by up to so many pixels in each direction, that is: pads by {@code shift} on
 *     every side and crops back; uncovered pixels are 0 after normalisation, the channel's mean
 * @param alternate whether a coin decides in the first epoch alone, and every epoch mirrors what
 *     the one before did not
 * @param reflect whether uncovered pixels are the image's own, mirrored at its edge
 * @param cutout side of a square that becomes 0 (DeVries and Taylor 2017); 0 for none
 * @param erase probability that a rectangle becomes 0 (Zhong et al. 2017)
 * @param jitter how far the factors of brightness, contrast and saturation are from 1, below 1
 * @param crop least share of the area that a crop keeps, which is resized to the whole; 1 for none
 * @param mixup parameter of the beta distribution by which images of a batch and their labels are
 *     blended (Zhang et al. 2018); 0 for none
 */
public record Augmentation(
    boolean mirror,
    int shift,
    boolean alternate,
    boolean reflect,
    int cutout,
    double erase,
    double jitter,
    double crop,
    double mixup) {
  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(false, 0);

  /**
   * @throws IllegalArgumentException if {@code shift} is negative
   */
  public Augmentation {
    if (shift < 0) {
      throw new IllegalArgumentException("expected a shift of at least 0, got: " + shift);
    }
  }

  /** Mirrors and shifts alone. */
  public Augmentation(boolean mirror, int shift) {
    this(mirror, shift, false, false, 0, 0, 0, 1, 0);
  }
}
