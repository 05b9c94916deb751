package org.descry.data.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.descry.DescryException;
import org.descry.DiskException;

/** Looks at a data folder: what is in it, and whether it reads to the end. */
public final class DataInspector {
  private DataInspector() {}

  /**
   * What a folder holds.
   *
   * @param layout {@code CIFAR files} or {@code image folder}
   * @param splits everything that was read; images of a folder at the size asked for
   * @param sizes how many files there are of each size, height x width, as they lie on disk
   * @param channels mean and deviation of each channel of the training part, scaled to 0..1
   */
  public record Inspection(
      String layout, ImageSplits splits, Map<String, Integer> sizes, ChannelNormalizer channels) {
    public Inspection {
      sizes = Map.copyOf(sizes);
    }
  }

  /**
   * Reads all of {@code folder}.
   *
   * @param size height and width that images of a folder are resized to for the statistics
   * @throws DescryException if something in the folder is missing or damaged
   */
  public static Inspection inspect(Path folder, int size) {
    if (CifarFolder.isCifar(folder)) {
      ImageSplits splits = CifarFolder.read(folder);
      int count = splits.train().size() + splits.validation().size() + splits.test().size();
      return new Inspection(
          "CIFAR files", splits, Map.of("32x32", count), ChannelNormalizer.fit(splits.train()));
    }
    Map<String, Integer> sizes = new TreeMap<>();
    ImageSplits splits = ImageFolder.read(folder, size, size, 3, sizes);
    return new Inspection("image folder", splits, sizes, ChannelNormalizer.fit(splits.train()));
  }

  /**
   * Writes the first pictures of each class as a PNG, a row a class in the order of the labels.
   *
   * @throws DescryException if the file cannot be written
   */
  public static void writeContactSheet(ImageSet images, Path file) {
    try {
      Pngs.writeSheet(images, file);
    } catch (IOException e) {
      throw new DiskException("Contact sheet " + file + " cannot be written: " + e, e);
    }
  }
}
