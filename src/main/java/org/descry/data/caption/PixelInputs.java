package org.descry.data.caption;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.descry.data.Fingerprint;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageSet;
import org.descry.data.image.Pixels;

/** Images as bytes, channels last, normalised on their way out. */
public final class PixelInputs implements ImageInputs {
  private static final List<String> UNLABELLED = List.of("");

  private final ImageSet images;
  private final ChannelNormalizer normalizer;
  private final float[][] tables;

  /**
   * @param pixels height x width x channels bytes an image; kept, not copied
   */
  public PixelInputs(
      byte[][] pixels, int channels, int height, int width, ChannelNormalizer normalizer) {
    this(
        new ImageSet(height, width, channels, UNLABELLED, pixels, new int[pixels.length]),
        normalizer);
  }

  private PixelInputs(ImageSet images, ChannelNormalizer normalizer) {
    this.images = images;
    this.normalizer = normalizer;
    this.tables = normalizer.tables();
  }

  /** Images, at least one, normalised by their own mean and deviation. */
  public static PixelInputs fitted(byte[][] pixels, int channels, int height, int width) {
    return fitted(
        Arrays.stream(pixels).map(Pixels::held).toArray(Pixels[]::new),
        pixels.length,
        channels,
        height,
        width);
  }

  /** Images, normalised by the mean and the deviation of the first of them, at least one. */
  static PixelInputs fitted(Pixels[] pixels, int learnt, int channels, int height, int width) {
    ImageSet images =
        new ImageSet(height, width, channels, UNLABELLED, pixels, new int[pixels.length], null);
    return new PixelInputs(images, ChannelNormalizer.fit(images.subset(0, learnt)));
  }

  /** Returns the same images under another normaliser. */
  PixelInputs normalized(ChannelNormalizer other) {
    return new PixelInputs(images, other);
  }

  /** What the images are normalised by. */
  public ChannelNormalizer normalizer() {
    return normalizer;
  }

  /** The bytes of one image, height x width x channels, RGB; not a copy, not to be changed. */
  public byte[] pixels(int image) {
    return images.pixels(image);
  }

  @Override
  public void addTo(Fingerprint fingerprint) {
    images.addTo(fingerprint);
  }

  @Override
  public int size() {
    return images.size();
  }

  @Override
  public long[] shape() {
    return new long[] {images.channels(), images.height(), images.width()};
  }

  @Override
  public void fill(int image, FloatBuffer out, int offset) {
    byte[] pixels = images.pixels(image);
    int channels = tables.length;
    for (int c = 0; c < channels; c++) {
      float[] table = tables[c];
      for (int i = c; i < pixels.length; i += channels) {
        out.put(offset + i, table[pixels[i] & 0xff]);
      }
    }
  }

  @Override
  public PixelInputs select(int[] chosen) {
    return new PixelInputs(images.select(chosen), normalizer);
  }
}
