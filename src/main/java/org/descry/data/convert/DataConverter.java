package org.descry.data.convert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.data.Seeds;
import org.descry.data.image.ImageFolder;
import org.descry.data.image.ImageSet;
import org.descry.data.image.ImageSplits;
import org.descry.data.image.cifar.CifarFolder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.image.cifar.CifarRecordReader;
import org.descry.data.image.cifar.CifarWriter;
import org.descry.io.NewFolder;

/** Converts image folders to the CIFAR-10 binary layout and CIFAR files to folders of PNGs. */
public final class DataConverter {
  private static final long ORDER_SEED = 1;

  private DataConverter() {}

  /** As below, with CIFAR-100's fine labels. */
  static ImageSplits convert(Path source, Path destination) {
    return convert(source, destination, CifarLabels.FINE);
  }

  /**
   * Converts {@code source} to {@code destination}, in the direction that the source's kind asks
   * for. Images become 32 x 32 RGB and are mixed in a fixed random order, as the official files
   * are; CIFAR images become {@code train/CLASS/00000.png} and so on, to the byte the same.
   *
   * @param labels which labels of CIFAR-100 count
   * @return what was converted
   * @throws DescryException if the source is neither kind or damaged, or the destination exists or
   *     cannot be written
   */
  public static ImageSplits convert(Path source, Path destination, CifarLabels labels) {
    NewFolder.requireNew(destination); // said before an hour of reading, not after
    if (real(destination).startsWith(real(source))) {
      throw new UsageException(
          "Destination "
              + destination
              + " lies inside the source "
              + source
              + "; expected a folder outside of it.");
    }
    if (CifarFolder.isCifar(source)) {
      ImageSplits splits = CifarFolder.read(source, labels);
      requireFolderNames(splits.train().labelNames());
      NewFolder.create(destination, folder -> writeParts(splits, folder));
      return splits;
    }
    int size = CifarRecordReader.SIZE;
    ImageSplits splits = ImageFolder.read(source, size, size, CifarRecordReader.CHANNELS);
    CifarWriter.write(
        new ImageSplits(mixed(splits.train()), mixed(splits.validation()), mixed(splits.test())),
        destination);
    return splits;
  }

  /** Without links, as far as it exists. */
  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      Path parent = absolute.getParent();
      return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
    }
  }

  private static ImageSet mixed(ImageSet images) {
    int[] order = IntStream.range(0, images.size()).toArray();
    Seeds.shuffle(order, Seeds.random(ORDER_SEED));
    return images.select(order);
  }

  private static void writeParts(ImageSplits splits, Path folder) throws IOException {
    writePart(splits.train(), folder.resolve("train"));
    writePart(splits.validation(), folder.resolve("validation"));
    writePart(splits.test(), folder.resolve("test"));
  }

  private static void writePart(ImageSet images, Path folder) throws IOException {
    int[] written = new int[images.classes()];
    for (int i = 0; i < images.size(); i++) {
      int label = images.label(i);
      Path classFolder = folder.resolve(images.labelNames().get(label));
      if (written[label] == 0) {
        Files.createDirectories(classFolder);
      }
      Pngs.write(
          images, i, classFolder.resolve(String.format(Locale.ROOT, "%05d.png", written[label]++)));
    }
  }

  private static void requireFolderNames(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (name.startsWith(".")
          || name.contains("/")
          || name.contains("\\")
          || name.chars().anyMatch(Character::isISOControl)) {
        throw new DataException("Class name '" + name + "' cannot be a folder's name.");
      }
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new DataException(
            "Two classes are called '%s' but for capitals; expected names that every disk keeps apart."
                .formatted(name));
      }
    }
  }
}
