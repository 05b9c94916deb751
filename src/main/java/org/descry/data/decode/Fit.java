package org.descry.data.decode;

/** How an image of one shape becomes one of another. */
public enum Fit {
  /** Both sides are resized, each by a factor of its own. */
  SQUASH {
    @Override
    public byte[] resize(
        byte[] pixels, int height, int width, int channels, int toHeight, int toWidth) {
      return Resizing.resize(pixels, height, width, channels, toHeight, toWidth);
    }
  },
  /** What stands out of the other shape, half of it on either side, is cut off. */
  CROP {
    @Override
    public byte[] resize(
        byte[] pixels, int height, int width, int channels, int toHeight, int toWidth) {
      int rows = Math.min(height, scaled(width, toHeight, toWidth));
      int columns = Math.min(width, scaled(height, toWidth, toHeight));
      byte[] middle = new byte[rows * columns * channels];
      int first = ((height - rows) / 2 * width + (width - columns) / 2) * channels;
      copy(
          pixels, first, width * channels, middle, 0, columns * channels, rows, columns * channels);
      return Resizing.resize(middle, rows, columns, channels, toHeight, toWidth);
    }
  },
  /** All of the image is in the middle; the rest is black. */
  PAD {
    @Override
    public byte[] resize(
        byte[] pixels, int height, int width, int channels, int toHeight, int toWidth) {
      int rows = Math.min(toHeight, scaled(toWidth, height, width));
      int columns = Math.min(toWidth, scaled(toHeight, width, height));
      byte[] whole = Resizing.resize(pixels, height, width, channels, rows, columns);
      byte[] padded = new byte[toHeight * toWidth * channels];
      int first = ((toHeight - rows) / 2 * toWidth + (toWidth - columns) / 2) * channels;
      copy(
          whole,
          0,
          columns * channels,
          padded,
          first,
          toWidth * channels,
          rows,
          columns * channels);
      return padded;
    }
  };

  /**
   * @param pixels height x width x channels
   * @return toHeight x toWidth x channels
   */
  public abstract byte[] resize(
      byte[] pixels, int height, int width, int channels, int toHeight, int toWidth);

  /** The side that goes with another one where both are as {@code mine} to {@code its}. */
  private static int scaled(int other, int mine, int its) {
    return (int) Math.max(1, Math.round((double) other * mine / its));
  }

  /** Copies rows of {@code length} bytes, each a step on from the one before. */
  private static void copy(
      byte[] from, int first, int step, byte[] to, int toFirst, int toStep, int rows, int length) {
    for (int y = 0; y < rows; y++) {
      System.arraycopy(from, first + y * step, to, toFirst + y * toStep, length);
    }
  }
}
