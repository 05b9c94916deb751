package org.descry.bench;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Synthetic data from fixed seeds: every peer computes on the same numbers. */
public final class Batches {
  private static final long PIXEL_SEED = 1;
  private static final long LABEL_SEED = 2;
  private static final long FEATURE_SEED = 1;

  private Batches() {}

  /** Standard normal pixels, N x C x H x W in that order in memory. */
  public static float[] pixels(ConvSpec net, int batch) {
    return gaussian(batch * net.channels() * net.height() * net.width(), 1, PIXEL_SEED);
  }

  /** The same pixels with channels last: N x H x W x C in memory. */
  public static float[] pixelsChannelsLast(ConvSpec net, int batch) {
    float[] planes = pixels(net, batch);
    float[] pixels = new float[planes.length];
    int area = net.height() * net.width();
    for (int i = 0; i < planes.length; i++) {
      int pixel = i % area;
      int channel = i / area % net.channels();
      int image = i / area / net.channels();
      pixels[(image * area + pixel) * net.channels() + channel] = planes[i];
    }
    return pixels;
  }

  /** A PNG file with an image of the network's size. */
  static Path imageFile(ConvSpec net) {
    BufferedImage image =
        new BufferedImage(net.width(), net.height(), BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(PIXEL_SEED);
    for (int y = 0; y < net.height(); y++) {
      for (int x = 0; x < net.width(); x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    try {
      Path file = Files.createTempFile("image", ".png");
      ImageIO.write(image, "png", file.toFile());
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An image's file as Java decodes it, H x W x C, values about zero. */
  public static float[] decode(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      Raster raster = image.getRaster();
      float[] values =
          raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (float[]) null);
      for (int i = 0; i < values.length; i++) {
        values[i] = values[i] / 128 - 1;
      }
      return values;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One class in [0, classes) for each image. */
  public static int[] labels(ConvSpec net, int batch) {
    return new Random(LABEL_SEED).ints(batch, 0, net.classes()).toArray();
  }

  /** Standard normal features of images, N x D. */
  public static float[] features(SequenceSpec net, int batch) {
    return gaussian(batch * net.features(), 1, FEATURE_SEED);
  }

  /** Labels as rows of zeros with a single one, N x K. */
  public static float[][] oneHot(int[] labels, int classes) {
    float[][] rows = new float[labels.length][classes];
    for (int i = 0; i < labels.length; i++) {
      rows[i][labels[i]] = 1;
    }
    return rows;
  }

  public static float[] gaussian(int length, double deviation, long seed) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }
}
