package org.descry.data.decode;

import java.util.stream.IntStream;

/** JFIF's luma and chroma to colours, in the 16-bit fixed point that libjpeg rounds in. */
final class Ycc {
  private static final int BITS = 16;
  private static final int HALF = 1 << (BITS - 1);
  private static final int[] CR_RED = table(1.40200, true);
  private static final int[] CB_BLUE = table(1.77200, true);
  private static final int[] CR_GREEN = table(-0.71414, false);
  private static final int[] CB_GREEN = table(-0.34414, false);

  private Ycc() {}

  private static int[] table(double factor, boolean rounded) {
    int fixed = (int) (Math.abs(factor) * (1 << BITS) + 0.5);
    int signed = factor < 0 ? -fixed : fixed;
    return IntStream.range(0, 256)
        .map(i -> signed * (i - 128))
        .map(i -> rounded ? (i + HALF) >> BITS : i)
        .toArray();
  }

  /** Converts in place. */
  static RgbImage toRgb(RgbImage image) {
    byte[] pixels = image.pixels();
    for (int i = 0; i < pixels.length; i += RgbImage.CHANNELS) {
      int y = pixels[i] & 0xff;
      int cb = pixels[i + 1] & 0xff;
      int cr = pixels[i + 2] & 0xff;
      pixels[i] = (byte) clamp(y + CR_RED[cr]);
      pixels[i + 1] = (byte) clamp(y + ((CB_GREEN[cb] + CR_GREEN[cr] + HALF) >> BITS));
      pixels[i + 2] = (byte) clamp(y + CB_BLUE[cb]);
    }
    return image;
  }

  /** Converts in place to inks: 255 less the colours. */
  static RgbImage inverted(RgbImage image) {
    byte[] pixels = toRgb(image).pixels();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (255 - (pixels[i] & 0xff));
    }
    return image;
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
