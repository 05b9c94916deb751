package org.descry.data.caption;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.caption.file.ImageName;
import org.descry.io.Excerpt;

/**
 * Finds the files of images: where the caption file says, from a folder on, else below the folder
 * under the same name.
 */
public final class ImageFinder {
  private static final int MAX_DEPTH = 16;

  private final Path root;
  // Every file below the root by its name; null until one is not where it should be.
  private Map<Path, List<Path>> below;

  /**
   * @throws DescryException if there is no such folder
   */
  public ImageFinder(Path root) {
    if (!Files.isDirectory(root)) {
      throw new DataException(
          "The folder of images " + root + " does not exist; expected the images of the captions.");
    }
    this.root = root;
  }

  /**
   * Returns the file of an image, null if there is none.
   *
   * @throws DescryException if it may be one of several
   */
  Path find(ImageName image) {
    List<Path> found = candidates(image);
    if (found.size() > 1) {
      String name = found.get(0).endsWith(image.path()) ? image.path() : image.file();
      throw new DataException(
          "The image %s is not in %s itself but in several folders below, %s and %s; expected it"
                  .formatted(Excerpt.of(name), root, found.get(0), found.get(1))
              + " in one: give the folder of each part as data.images, splits.validationImages"
              + " and splits.testImages.");
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** Whether there is a file of an image, or several. */
  public boolean has(ImageName image) {
    return !candidates(image).isEmpty();
  }

  private List<Path> candidates(ImageName image) {
    List<Path> names = new ArrayList<>();
    try {
      names.add(Path.of(image.path()));
      names.add(Path.of(image.file()));
    } catch (InvalidPathException e) {
      return List.of(); // no file of this machine has such a name
    }
    for (Path name : names) {
      Path direct = root.resolve(name);
      if (Files.isRegularFile(direct)) {
        return List.of(direct);
      }
    }
    for (Path name : names) {
      List<Path> found =
          files().getOrDefault(name.getFileName(), List.of()).stream()
              .filter(file -> file.endsWith(name))
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private Map<Path, List<Path>> files() {
    if (below == null) {
      below = new HashMap<>();
      try {
        Files.walkFileTree(
            root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new Visitor());
      } catch (IOException e) {
        throw new DataException("Cannot search " + root + ": " + e.getMessage(), e);
      }
    }
    return below;
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        below.computeIfAbsent(file.getFileName(), name -> new ArrayList<>(1)).add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    /** A folder that may not be read, or a link into a circle, holds no image. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
