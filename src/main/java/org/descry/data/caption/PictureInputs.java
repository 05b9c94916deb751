package org.descry.data.caption;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageSet;

/** Pictures as bytes, channels last, normalised on their way out. */
public final class PictureInputs implements ImageInputs {
  private static final List<String> UNLABELLED = List.of("");

  private final ImageSet pictures;
  private final ChannelNormalizer normalizer;
  private final float[][] tables;

  /**
   * @param pixels height x width x channels bytes a picture; kept, not copied
   */
  public PictureInputs(
      byte[][] pixels, int channels, int height, int width, ChannelNormalizer normalizer) {
    this(
        new ImageSet(height, width, channels, UNLABELLED, pixels, new int[pixels.length]),
        normalizer);
  }

  private PictureInputs(ImageSet pictures, ChannelNormalizer normalizer) {
    this.pictures = pictures;
    this.normalizer = normalizer;
    this.tables = normalizer.tables();
  }

  /** Pictures, at least one, normalised by their own mean and deviation. */
  public static PictureInputs fitted(byte[][] pixels, int channels, int height, int width) {
    ImageSet pictures =
        new ImageSet(height, width, channels, UNLABELLED, pixels, new int[pixels.length]);
    return new PictureInputs(pictures, ChannelNormalizer.fit(pictures));
  }

  /** Returns the same pictures under another normaliser. */
  PictureInputs normalized(ChannelNormalizer other) {
    return new PictureInputs(pictures, other);
  }

  /** What the pictures are normalised by. */
  public ChannelNormalizer normalizer() {
    return normalizer;
  }

  /** The bytes of one picture, height x width x channels, RGB; not a copy, not to be changed. */
  public byte[] pixels(int image) {
    return pictures.pixels(image);
  }

  @Override
  public int size() {
    return pictures.size();
  }

  @Override
  public long[] shape() {
    return new long[] {pictures.channels(), pictures.height(), pictures.width()};
  }

  @Override
  public void fill(int image, FloatBuffer out, int offset) {
    byte[] pixels = pictures.pixels(image);
    int channels = tables.length;
    for (int c = 0; c < channels; c++) {
      float[] table = tables[c];
      for (int i = c; i < pixels.length; i += channels) {
        out.put(offset + i, table[pixels[i] & 0xff]);
      }
    }
  }

  @Override
  public PictureInputs select(int[] images) {
    byte[][] selected = new byte[images.length][];
    Arrays.setAll(selected, i -> pictures.pixels(images[i]));
    return new PictureInputs(
        selected, pictures.channels(), pictures.height(), pictures.width(), normalizer);
  }
}
