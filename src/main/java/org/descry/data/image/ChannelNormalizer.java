package org.descry.data.image;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Per-channel standardisation: {@code (v / 255 - mean[c]) / std[c]} for a byte {@code v} of channel
 * {@code c}. Fitted on the training part and kept with the model, so that prediction sees what
 * training saw. A channel without spread (std 0) is centred and left at its scale.
 *
 * @param mean the mean of each channel's values scaled to 0..1
 * @param std their standard deviation (biased, at least 0)
 */
public record ChannelNormalizer(List<Double> mean, List<Double> std) {
  /**
   * @throws IllegalArgumentException if the lists differ in length, or a value is not finite, or a
   *     deviation is negative
   */
  public ChannelNormalizer {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.isEmpty() || mean.size() != std.size()) {
      throw new IllegalArgumentException("expected a mean and a std a channel, got: " + mean + std);
    }
    if (!mean.stream().allMatch(Double::isFinite)
        || !std.stream().allMatch(s -> Double.isFinite(s) && s >= 0)) {
      throw new IllegalArgumentException(
          "expected finite means and deviations of at least 0, got: " + mean + ", " + std);
    }
  }

  /** Fits on every pixel of {@code images}; exact, from histograms. */
  public static ChannelNormalizer fit(ImageSet images) {
    if (images.isEmpty()) {
      throw new IllegalArgumentException("expected at least one image to fit on");
    }
    long[][] histogram = histogram(images);
    double values = (double) images.size() * images.height() * images.width();
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    for (long[] counts : histogram) {
      double sum = 0;
      double squares = 0;
      for (int v = 0; v < 256; v++) {
        sum += (double) counts[v] * v;
        squares += (double) counts[v] * v * v;
      }
      double average = sum / values;
      mean.add(average / 255);
      std.add(Math.sqrt(Math.max(0, squares / values - average * average)) / 255);
    }
    return new ChannelNormalizer(mean, std);
  }

  private static long[][] histogram(ImageSet images) {
    int channels = images.channels();
    long[][] histogram = new long[channels][256];
    for (int i = 0; i < images.size(); i++) {
      byte[] pixels = images.pixels(i);
      for (int c = 0; c < channels; c++) {
        long[] counts = histogram[c];
        for (int p = c; p < pixels.length; p += channels) {
          counts[pixels[p] & 0xff]++;
        }
      }
    }
    return histogram;
  }

  /** What a centred value of a channel is divided by: its deviation, or 1 without spread. */
  public double scale(int channel) {
    return std.get(channel) == 0 ? 1 : std.get(channel);
  }

  /** The normalised value of each byte: C x 256. */
  public float[][] tables() {
    float[][] tables = new float[mean.size()][256];
    for (int c = 0; c < tables.length; c++) {
      for (int v = 0; v < 256; v++) {
        tables[c][v] = (float) ((v / 255.0 - mean.get(c)) / scale(c));
      }
    }
    return tables;
  }

  /**
   * Normalises images into a batch for the network.
   *
   * @param height rows of every image
   * @param width columns of every image
   * @param images H x W x C bytes each
   * @return float32 N x C x H x W, a permuted view over N x H x W x C memory
   * @throws IllegalArgumentException if an image has another size
   */
  public INDArray apply(int height, int width, List<byte[]> images) {
    int channels = mean.size();
    int length = height * width * channels;
    float[][] tables = tables();
    float[] values = new float[Math.multiplyExact(length, images.size())];
    int out = 0;
    for (byte[] pixels : images) {
      if (pixels.length != length) {
        throw new IllegalArgumentException(
            "expected images of " + length + " bytes, got: " + pixels.length);
      }
      for (int p = 0; p < length; p++) {
        values[out++] = tables[p % channels][pixels[p] & 0xff];
      }
    }
    return Nd4j.createFromArray(values)
        .reshape(images.size(), height, width, channels)
        .permute(0, 3, 1, 2);
  }
}
