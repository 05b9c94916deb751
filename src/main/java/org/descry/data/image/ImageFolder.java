package org.descry.data.image;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.datavec.api.split.CollectionInputSplit;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * A folder of images with a folder for each class, or with {@code train/}, {@code validation/} (or
 * {@code val/}) and {@code test/} that hold such folders. Classes and files are taken in the order
 * of their names; hidden files are skipped, and every other file in a class folder has to be an
 * image.
 */
public final class ImageFolder {
  private ImageFolder() {}

  /**
   * Reads all parts into memory, resized to {@code height} x {@code width} whatever their shape.
   *
   * @param channels 3 for RGB, 1 for grey
   * @throws DescryException if the folder is missing or has no classes, a class has no images, a
   *     file is no image, or a later part has a class that the training part lacks
   */
  public static ImageSplits read(Path folder, int height, int width, int channels) {
    return read(folder, height, width, channels, new TreeMap<>());
  }

  /** As above, counting the files of each size (height x width) into {@code sizes}. */
  static ImageSplits read(
      Path folder, int height, int width, int channels, Map<String, Integer> sizes) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "Image folder "
              + folder
              + " does not exist or is no folder; expected one with a folder for each class.");
    }
    Path train = folder.resolve("train");
    boolean inParts = Files.isDirectory(train) && !folders(train).isEmpty();
    Path first = inParts ? train : folder;
    List<String> labels = names(folders(first));
    if (labels.isEmpty()) {
      throw new DataException(
          "Folder " + first + " holds no folders; expected a folder of images for each class.");
    }
    ImageFolderReader reader = new ImageFolderReader(height, width, channels, labels);
    ImageSet training = part(first, reader, sizes);
    if (!inParts) {
      return ImageSplits.of(training, null, null);
    }
    Path validation = folder.resolve("validation");
    Path val = Files.isDirectory(validation) ? validation : folder.resolve("val");
    Path test = folder.resolve("test");
    return ImageSplits.of(
        training,
        Files.isDirectory(val) ? part(val, reader, sizes) : null,
        Files.isDirectory(test) ? part(test, reader, sizes) : null);
  }

  /**
   * Reads one image, as for a prediction.
   *
   * @return height x width x channels bytes in RGB order
   * @throws DescryException if the file is missing or no image
   */
  public static byte[] readImage(Path file, int height, int width, int channels) {
    return new PictureLoader(height, width, channels).load(file).pixels();
  }

  private static ImageSet part(Path root, ImageFolderReader reader, Map<String, Integer> sizes) {
    List<URI> locations = new ArrayList<>();
    for (Path classFolder : folders(root)) {
      if (!reader.getLabels().contains(classFolder.getFileName().toString())) {
        throw new DataException(
            "Class folder %s has no counterpart in the training part; expected one of %s."
                .formatted(classFolder, reader.getLabels()));
      }
      List<Path> files = list(classFolder, false);
      if (files.isEmpty()) {
        throw new DataException(
            "Class folder " + classFolder + " is empty; expected at least one image.");
      }
      files.forEach(file -> locations.add(file.toUri()));
    }
    try {
      reader.initialize(new CollectionInputSplit(locations));
      ImageSet images = reader.readAll();
      reader.sizes().forEach((size, count) -> sizes.merge(size, count, Integer::sum));
      return images;
    } catch (IOException e) {
      throw new DataException("Images of " + root + " cannot be read: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("Reading the images of " + root + " was interrupted.", e);
    }
  }

  private static List<Path> folders(Path folder) {
    return list(folder, true);
  }

  private static List<String> names(List<Path> paths) {
    return paths.stream().map(path -> path.getFileName().toString()).toList();
  }

  private static List<Path> list(Path folder, boolean directories) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !entry.getFileName().toString().startsWith("."))
          .filter(entry -> Files.isDirectory(entry) == directories)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new DataException("Folder " + folder + " cannot be listed: " + e.getMessage(), e);
    }
  }
}
