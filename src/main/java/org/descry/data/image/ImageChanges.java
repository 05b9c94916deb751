package org.descry.data.image;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.descry.data.decode.Resizing;

/** Changes to an image's bytes, H x W x C, before they are normalised, and holes after that. */
final class ImageChanges {
  private static final double LEAST_ERASED = 0.02;
  private static final double MOST_ERASED = 0.33;
  private static final double ASPECT_OF_CROPS = 4.0 / 3;
  private static final double ASPECT_OF_HOLES = 1 / 0.3;

  /** Shares of red, green and blue in an image's grey (ITU-R 601). */
  private static final double[] GREY = {0.299, 0.587, 0.114};

  private final int height;
  private final int width;
  private final int channels;
  private final byte[] changed;

  ImageChanges(ImageSet images) {
    height = images.height();
    width = images.width();
    channels = images.channels();
    changed = new byte[height * width * channels];
  }

  /** A part of the image, resized to the whole. */
  byte[] crop(byte[] source, double least, SplittableRandom random) {
    double area = height * width * (least + (1 - least) * random.nextDouble());
    int[] size = rectangle(area, ASPECT_OF_CROPS, random);
    int top = random.nextInt(height - size[0] + 1);
    int left = random.nextInt(width - size[1] + 1);
    byte[] part = new byte[size[0] * size[1] * channels];
    int row = size[1] * channels;
    for (int y = 0; y < size[0]; y++) {
      System.arraycopy(source, ((top + y) * width + left) * channels, part, y * row, row);
    }
    return Resizing.resize(part, size[0], size[1], channels, height, width);
  }

  /** Height and width of about an area, the ratio of the two up to {@code aspect} either way. */
  private int[] rectangle(double area, double aspect, SplittableRandom random) {
    double ratio = Math.exp((2 * random.nextDouble() - 1) * Math.log(aspect));
    return new int[] {
      within((int) Math.round(Math.sqrt(area * ratio)), height),
      within((int) Math.round(Math.sqrt(area / ratio)), width)
    };
  }

  private static int within(int side, int most) {
    return Math.max(1, Math.min(most, side));
  }

  /** Another brightness, contrast and, in colour, saturation; valid until the next call. */
  byte[] jitter(byte[] source, double strength, SplittableRandom random) {
    double brightness = factor(strength, random);
    double contrast = factor(strength, random);
    double saturation = factor(strength, random);
    double mean = 0;
    for (byte value : source) {
      mean += value & 0xff;
    }
    mean = mean / source.length * brightness;
    for (int p = 0; p < source.length; p += channels) {
      double grey = 0;
      for (int c = 0; c < channels; c++) {
        grey += (channels == GREY.length ? GREY[c] : 1.0 / channels) * (source[p + c] & 0xff);
      }
      for (int c = 0; c < channels; c++) {
        double value = grey + saturation * ((source[p + c] & 0xff) - grey);
        value = mean + contrast * (value * brightness - mean);
        changed[p + c] = (byte) Math.max(0, Math.min(255, Math.round(value)));
      }
    }
    return changed;
  }

  private static double factor(double strength, SplittableRandom random) {
    return 1 + strength * (2 * random.nextDouble() - 1);
  }

  /** A square around a random pixel, as far as it is inside of the image, becomes 0. */
  void cutout(float[] image, int side, SplittableRandom random) {
    int top = random.nextInt(height) - side / 2;
    int left = random.nextInt(width) - side / 2;
    clear(image, top, left, top + side, left + side);
  }

  /** A rectangle becomes 0. */
  void erase(float[] image, SplittableRandom random) {
    double share = LEAST_ERASED + (MOST_ERASED - LEAST_ERASED) * random.nextDouble();
    int[] size = rectangle(share * height * width, ASPECT_OF_HOLES, random);
    int top = random.nextInt(height - size[0] + 1);
    int left = random.nextInt(width - size[1] + 1);
    clear(image, top, left, top + size[0], left + size[1]);
  }

  private void clear(float[] image, int top, int left, int bottom, int right) {
    int from = Math.max(0, left);
    int to = Math.min(width, right);
    for (int y = Math.max(0, top); y < Math.min(height, bottom); y++) {
      Arrays.fill(image, (y * width + from) * channels, (y * width + to) * channels, 0);
    }
  }
}
