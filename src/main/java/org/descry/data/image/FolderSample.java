package org.descry.data.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.descry.data.BadRecordException;

/**
 * A first look at an image folder or pack, which decodes a few of its images.
 *
 * @param classes their names
 * @param images of all classes that are trained on
 * @param height in pixels, the median of those that were looked at
 * @param width in pixels, as the height
 */
public record FolderSample(List<String> classes, int images, int height, int width) {
  private static final int LOOKED_AT = 50;
  private static final List<Path> NONE = List.of();
  private static final ImageLoader LOADER = new ImageLoader(1, 1, 3);

  /** Empty if it holds no folder of images. */
  public static Optional<FolderSample> of(Path folder) {
    try (ImagePack opened = ImagePack.open(folder)) {
      return of(opened.roots());
    }
  }

  private static Optional<FolderSample> of(List<Path> roots) {
    boolean parts = roots.stream().anyMatch(root -> Files.isDirectory(root.resolve("train")));
    Set<String> classes = new TreeSet<>();
    List<Path> images = new ArrayList<>();
    for (Path whole : roots) {
      Path root = parts ? whole.resolve("train") : whole;
      for (Path classFolder : Files.isDirectory(root) ? FolderListing.folders(root) : NONE) {
        List<Path> own = FolderListing.images(classFolder, new PassedOver(whole));
        if (!own.isEmpty()) {
          classes.add(classFolder.getFileName().toString());
          images.addAll(own);
        }
      }
    }
    int stride = Math.max(1, images.size() / LOOKED_AT);
    List<Integer> heights = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    for (int i = 0; i < images.size(); i += stride) {
      try {
        ImageLoader.Image image = LOADER.load(images.get(i));
        heights.add(image.originalHeight());
        widths.add(image.originalWidth());
      } catch (BadRecordException e) {
        continue; // a training says so
      }
    }
    return heights.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new FolderSample(List.copyOf(classes), images.size(), median(heights), median(widths)));
  }

  private static int median(List<Integer> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }
}
