package org.descry.data.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.descry.data.Intake;

/** Reads image files, several at a time, and counts their sizes as it goes. */
final class ImageFolderReader {
  private final ImageLoader loader;
  private final List<String> labels;
  private final Map<String, Integer> sizes = new TreeMap<>();

  /**
   * @param labels the class names, indexed by label
   */
  ImageFolderReader(ImageLoader loader, List<String> labels) {
    this.loader = loader;
    this.labels = labels;
  }

  /**
   * A file and its class.
   *
   * @param label index of the class's name
   * @param name its path below the folder of the classes' folders
   */
  record Labelled(Path file, int label, String name) {}

  /** All that can be used, in their order. */
  ImageSet readAll(List<Labelled> files, Intake intake) {
    List<ImageReading.Read<Labelled>> read =
        new ImageReading(loader, intake).all(files, Labelled::file);
    read.forEach(one -> sizes.merge(one.height() + "x" + one.width(), 1, Integer::sum));
    return new ImageSet(
        loader.height(),
        loader.width(),
        loader.channels(),
        labels,
        read.stream().map(ImageReading.Read::pixels).toArray(Pixels[]::new),
        read.stream().mapToInt(one -> one.of().label).toArray(),
        read.stream().map(one -> one.of().name).toArray(String[]::new));
  }

  /** How many files had each size, written height x width. */
  Map<String, Integer> sizes() {
    return sizes;
  }
}
