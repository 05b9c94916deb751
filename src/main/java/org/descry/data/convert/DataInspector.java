package org.descry.data.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.descry.DescryException;
import org.descry.data.Fingerprint;
import org.descry.data.image.ChannelNormalizer;
import org.descry.data.image.ImageFolder;
import org.descry.data.image.ImageLoader;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.io.IoErrors;

/** Looks at a data folder: what is in it, and whether it reads to the end. */
public final class DataInspector {
  private DataInspector() {}

  /**
   * What a folder holds.
   *
   * @param layout {@code CIFAR files} or {@code image folder}
   * @param splits everything that was read; images of a folder at the size asked for
   * @param sizes how many files there are of each size, height x width, as they lie on disk
   * @param passedOver what lies in the folder and was not read, a line a kind
   * @param channels mean and deviation of each channel of the training part, scaled to 0..1
   */
  public record Inspection(
      String layout,
      ImageSplits splits,
      Map<String, Integer> sizes,
      List<String> passedOver,
      ChannelNormalizer channels) {
    public Inspection {
      sizes = Map.copyOf(sizes);
      passedOver = List.copyOf(passedOver);
    }

    /** A line for each part that has images of the training part. */
    public List<String> duplicates() {
      return Duplicates.lines(splits);
    }

    /** As a training on the same images, at the same size, records it. */
    public String fingerprint() {
      Fingerprint fingerprint = new Fingerprint();
      splits.addTo(fingerprint);
      return fingerprint.hex();
    }
  }

  /** As below, with CIFAR-100's fine labels. */
  public static Inspection inspect(Path folder, int size) {
    return inspect(folder, size, CifarLabels.FINE);
  }

  /**
   * Reads all of {@code folder}.
   *
   * @param size height and width that images of a folder are resized to for the statistics
   * @param labels which labels of CIFAR-100 count
   * @throws DescryException if something in the folder is missing or damaged
   */
  public static Inspection inspect(Path folder, int size, CifarLabels labels) {
    if (CifarFolder.isCifar(folder)) {
      ImageSplits splits = CifarFolder.read(folder, labels);
      int count = splits.train().size() + splits.validation().size() + splits.test().size();
      return new Inspection(
          "CIFAR files",
          splits,
          Map.of("32x32", count),
          List.of(),
          ChannelNormalizer.fit(splits.train()));
    }
    ImageFolder.Contents contents = ImageFolder.inspect(folder, new ImageLoader(size, size, 3));
    return new Inspection(
        "image folder",
        contents.splits(),
        contents.sizes(),
        contents.passedOver(),
        ChannelNormalizer.fit(contents.splits().train()));
  }

  /**
   * Writes the first images of each class as a PNG, one row per class in the order of the labels.
   *
   * @throws DescryException if the file cannot be written
   */
  public static void writeContactSheet(ImageSet images, Path file) {
    try {
      Pngs.writeSheet(images, file);
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }
}
