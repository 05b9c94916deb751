package org.descry.data.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.decode.ImageDecoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of images with a folder for each class, or with {@code train/}, {@code validation/} (or
 * {@code valid/}, {@code val/}, {@code dev/}) and {@code test/} that hold such folders. Images in
 * folders below a class's folder are of that class. Classes and files are taken in the order of
 * their names; what is not read is named. An {@link ImagePack} of such a folder is read as the
 * folder.
 */
public final class ImageFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);
  private static final List<String> VALIDATION = List.of("validation", "valid", "val", "dev");
  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final String OTHER = "files and folders that are no part of the set";

  private final Path folder;
  private final List<Path> roots;
  private final ImageLoader loader;
  private final Intake intake;
  private final Map<String, Integer> sizes = new TreeMap<>();
  private final PassedOver passedOver;

  private ImageFolder(Path folder, List<Path> roots, ImageLoader loader, Intake intake) {
    this.folder = folder;
    this.roots = roots;
    this.loader = loader;
    this.intake = intake;
    this.passedOver = new PassedOver(folder);
  }

  /**
   * What was read.
   *
   * @param sizes how many files have each size, height x width
   * @param passedOver what was not read, a line a kind
   */
  public record Contents(ImageSplits splits, Map<String, Integer> sizes, List<String> passedOver) {}

  /**
   * Reads all parts into memory, resized to {@code height} x {@code width} whatever their shape,
   * images of {@link ImageDecoder#MAX_PIXELS} at most.
   *
   * @param channels 3 for RGB, 1 for grey
   * @throws DescryException as below
   */
  public static ImageSplits read(Path folder, int height, int width, int channels) {
    return read(folder, new ImageLoader(height, width, channels));
  }

  /**
   * Reads all parts into memory. What is passed over is logged as a warning.
   *
   * @throws DescryException if the folder is missing or has no classes, a class has no images to
   *     train on, an image is damaged or too large, a later part has a class that the training part
   *     lacks, or there are two validation parts
   */
  public static ImageSplits read(Path folder, ImageLoader loader) {
    return read(folder, loader, Intake.strict());
  }

  /** As above, where images that cannot be used may be left out. */
  public static ImageSplits read(Path folder, ImageLoader loader, Intake intake) {
    Contents contents = intake.reading(folder, () -> inspect(folder, loader, intake));
    contents.passedOver().forEach(line -> LOG.warn("Passed over in {}: {}", folder, line));
    return contents.splits();
  }

  /** As above, with what else was seen. */
  public static Contents inspect(Path folder, ImageLoader loader) {
    return inspect(folder, loader, Intake.strict());
  }

  private static Contents inspect(Path folder, ImageLoader loader, Intake intake) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "Image folder "
              + folder
              + " does not exist or is no folder; expected one with a folder for each class.");
    }
    try (ImagePack pack = ImagePack.open(folder)) {
      ImageFolder reading = new ImageFolder(folder, pack.roots(), loader, intake);
      ImageSplits splits = reading.read();
      intake.settle();
      return new Contents(splits, reading.sizes, reading.passedOver.lines());
    }
  }

  private ImageSplits read() {
    boolean inParts = !folders(TRAIN).isEmpty();
    String first = inParts ? TRAIN : "";
    List<String> labels = folders(first);
    if (labels.isEmpty()) {
      throw new DataException(
          "Folder "
              + folder.resolve(first)
              + " holds no folders; expected a folder of images for each class.");
    }
    if (!inParts) {
      return ImageSplits.of(part("", labels, true), null, null);
    }
    String validation = validation();
    for (Path root : roots) {
      for (Path other : FolderListing.folders(root)) {
        String name = other.getFileName().toString();
        if (!name.equals(TRAIN) && !name.equals(TEST) && !name.equals(validation)) {
          passedOver.add(other, OTHER);
        }
      }
      if (!ImagePack.isPack(folder)) {
        FolderListing.files(root).forEach(file -> passedOver.add(file, OTHER));
      }
    }
    return ImageSplits.of(
        part(TRAIN, labels, true),
        validation == null ? null : part(validation, labels, false),
        below(TEST).isEmpty() ? null : part(TEST, labels, false));
  }

  private String validation() {
    List<String> found = VALIDATION.stream().filter(name -> !below(name).isEmpty()).toList();
    if (found.size() > 1) {
      throw new DataException(
          "Image folder %s has %s validation parts: %s; expected one of them."
              .formatted(folder, found.size(), found));
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** The folders of a name: one, or one in each shard of a pack that has it. */
  private List<Path> below(String name) {
    return roots.stream().map(root -> root.resolve(name)).filter(Files::isDirectory).toList();
  }

  /** The names of the folders in a folder. */
  private List<String> folders(String name) {
    return below(name).stream()
        .flatMap(place -> FolderListing.folders(place).stream())
        .map(found -> found.getFileName().toString())
        .distinct()
        .sorted()
        .toList();
  }

  private ImageSet part(String name, List<String> labels, boolean training) {
    Path root = folder.resolve(name);
    List<ImageFolderReader.Labelled> found = new ArrayList<>();
    for (String label : folders(name)) {
      int index = labels.indexOf(label);
      if (index < 0) {
        throw new DataException(
            "Class folder %s has no counterpart in the training part; expected one of %s."
                .formatted(root.resolve(label), labels));
      }
      int before = found.size();
      for (Path place : below(name)) {
        if (Files.isDirectory(place.resolve(label))) {
          for (Path file : FolderListing.images(place.resolve(label), passedOver)) {
            String path = place.relativize(file).toString();
            found.add(new ImageFolderReader.Labelled(file, index, path));
          }
        }
      }
      boolean empty = found.size() == before;
      if (empty && training) {
        throw new DataException(
            "Class folder " + root.resolve(label) + " is empty; expected at least one image.");
      } else if (empty) {
        passedOver.add(root.resolve(label), FolderListing.EMPTY);
      }
    }
    if (!ImagePack.isPack(folder)) {
      FolderListing.files(root).forEach(file -> passedOver.add(file, OTHER));
    }
    ImageFolderReader reader = new ImageFolderReader(loader, labels);
    ImageSet images = reader.readAll(found, intake);
    reader.sizes().forEach((size, count) -> sizes.merge(size, count, Integer::sum));
    return images;
  }
}
