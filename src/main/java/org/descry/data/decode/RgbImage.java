package org.descry.data.decode;

/**
 * A decoded image: height x width x 3 bytes in RGB order, to be read unsigned.
 *
 * @param pixels not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RgbImage(int height, int width, byte[] pixels) {
  static final int CHANNELS = 3;

  /** The same in one channel: the luma of BT.601. */
  public byte[] grey() {
    byte[] grey = new byte[height * width];
    for (int i = 0, in = 0; i < grey.length; i++, in += CHANNELS) {
      grey[i] =
          (byte)
              Math.round(
                  0.299 * (pixels[in] & 0xff)
                      + 0.587 * (pixels[in + 1] & 0xff)
                      + 0.114 * (pixels[in + 2] & 0xff));
    }
    return grey;
  }

  /**
   * Turned upright.
   *
   * @param orientation as EXIF and TIFF count it: 1 is upright, 2 to 8 mirrored and turned; any
   *     other value counts as 1
   */
  RgbImage upright(int orientation) {
    if (orientation < 2 || orientation > 8) {
      return this;
    }
    boolean swapped = orientation >= 5;
    int rows = swapped ? width : height;
    int columns = swapped ? height : width;
    byte[] turned = new byte[pixels.length];
    for (int y = 0, out = 0; y < rows; y++) {
      for (int x = 0; x < columns; x++, out += CHANNELS) {
        int along = swapped ? y : x;
        int down = swapped ? x : y;
        boolean right =
            orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean bottom =
            orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        int sourceX = right ? width - 1 - along : along;
        int sourceY = bottom ? height - 1 - down : down;
        int in = (sourceY * width + sourceX) * CHANNELS;
        turned[out] = pixels[in];
        turned[out + 1] = pixels[in + 1];
        turned[out + 2] = pixels[in + 2];
      }
    }
    return new RgbImage(rows, columns, turned);
  }
}
