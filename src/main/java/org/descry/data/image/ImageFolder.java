package org.descry.data.image;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.datavec.api.split.CollectionInputSplit;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Intake;
import org.descry.data.decode.ImageDecoder;
import org.descry.io.IoErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of images with a folder for each class, or with {@code train/}, {@code validation/} (or
 * {@code valid/}, {@code val/}, {@code dev/}) and {@code test/} that hold such folders. Images in
 * folders below a class's folder are of that class. Classes and files are taken in the order of
 * their names; what is not read is named.
 */
public final class ImageFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ImageFolder.class);
  private static final List<String> VALIDATION = List.of("validation", "valid", "val", "dev");
  private static final String TEST = "test";
  private static final String OTHER = "files and folders that are no part of the set";

  private final Path folder;
  private final ImageLoader loader;
  private final Intake intake;
  private final Map<String, Integer> sizes = new TreeMap<>();
  private final PassedOver passedOver;

  private ImageFolder(Path folder, ImageLoader loader, Intake intake) {
    this.folder = folder;
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
    ImageFolder reading = new ImageFolder(folder, loader, intake);
    ImageSplits splits = reading.read();
    intake.settle();
    return new Contents(splits, reading.sizes, reading.passedOver.lines());
  }

  private ImageSplits read() {
    Path train = folder.resolve("train");
    boolean inParts = Files.isDirectory(train) && !FolderListing.folders(train).isEmpty();
    Path first = inParts ? train : folder;
    List<String> labels = names(FolderListing.folders(first));
    if (labels.isEmpty()) {
      throw new DataException(
          "Folder " + first + " holds no folders; expected a folder of images for each class.");
    }
    if (!inParts) {
      return ImageSplits.of(part(folder, labels, true), null, null);
    }
    Path validation = validation();
    Path test = folder.resolve(TEST);
    for (Path other : FolderListing.folders(folder)) {
      if (!other.equals(train) && !other.equals(validation) && !other.equals(test)) {
        passedOver.add(other, OTHER);
      }
    }
    FolderListing.files(folder).forEach(file -> passedOver.add(file, OTHER));
    return ImageSplits.of(
        part(train, labels, true),
        validation == null ? null : part(validation, labels, false),
        Files.isDirectory(test) ? part(test, labels, false) : null);
  }

  private Path validation() {
    List<Path> found = VALIDATION.stream().map(folder::resolve).filter(Files::isDirectory).toList();
    if (found.size() > 1) {
      throw new DataException(
          "Image folder %s has %s validation parts: %s; expected one of them."
              .formatted(folder, found.size(), names(found)));
    }
    return found.isEmpty() ? null : found.get(0);
  }

  private ImageSet part(Path root, List<String> labels, boolean training) {
    List<URI> locations = new ArrayList<>();
    for (Path classFolder : FolderListing.folders(root)) {
      if (!labels.contains(classFolder.getFileName().toString())) {
        throw new DataException(
            "Class folder %s has no counterpart in the training part; expected one of %s."
                .formatted(classFolder, labels));
      }
      List<Path> files = FolderListing.images(classFolder, passedOver);
      if (files.isEmpty() && training) {
        throw new DataException(
            "Class folder " + classFolder + " is empty; expected at least one image.");
      } else if (files.isEmpty()) {
        passedOver.add(classFolder, FolderListing.EMPTY);
      }
      files.forEach(file -> locations.add(file.toUri()));
    }
    FolderListing.files(root).forEach(file -> passedOver.add(file, OTHER));
    try (ImageFolderReader reader = new ImageFolderReader(loader, root, labels)) {
      reader.initialize(new CollectionInputSplit(locations));
      ImageSet images = reader.readAll(intake);
      reader.sizes().forEach((size, count) -> sizes.merge(size, count, Integer::sum));
      return images;
    } catch (IOException e) {
      throw new DataException("Images of " + root + " cannot be read: " + IoErrors.of(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException("Reading the images of " + root + " was interrupted.", e);
    }
  }

  private static List<String> names(List<Path> paths) {
    return paths.stream().map(path -> path.getFileName().toString()).toList();
  }
}
