package org.descry.data.image;

/**
 * Random changes to training images, drawn for each image and epoch anew.
 *
 * @param mirror flips left and right with probability 1/2
 * @param shift moves by up to so many pixels in each direction, that is: pads by {@code shift} on
 *     every side and crops back; uncovered pixels are 0 after normalisation, the channel's mean
 */
public record Augmentation(boolean mirror, int shift) {
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
}
