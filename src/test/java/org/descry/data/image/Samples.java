package org.descry.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small images and files for the tests of this package. */
public final class Samples {
  private Samples() {}

  /** Random images; labels take turns. */
  public static ImageSet noise(int count, int height, int width, int channels, int classes) {
    Random random = new Random(7);
    byte[][] images = new byte[count][height * width * channels];
    for (byte[] image : images) {
      random.nextBytes(image);
    }
    List<String> names = IntStream.range(0, classes).mapToObj(k -> "class" + k).toList();
    int[] labels = IntStream.range(0, count).map(i -> i % classes).toArray();
    return new ImageSet(height, width, channels, names, images, labels);
  }

  /** A file of CIFAR records: label bytes as given, pixels from {@code seed}. */
  public static Path cifar(Path file, long seed, int[]... labelBytes) throws IOException {
    Random random = new Random(seed);
    byte[] pixels = new byte[3072];
    try (var out = Files.newOutputStream(file)) {
      for (int[] record : labelBytes) {
        for (int label : record) {
          out.write(label);
        }
        random.nextBytes(pixels);
        out.write(pixels);
      }
    }
    return file;
  }
}
