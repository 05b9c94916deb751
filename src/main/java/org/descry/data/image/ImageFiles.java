package org.descry.data.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;

/** Image files that a path stands for. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * A folder's images and those of folders in it, in the order of their paths; else the path.
   *
   * @throws DataException if a folder holds no image, or cannot be read
   */
  public static List<Path> of(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> images = FolderListing.images(path, new PassedOver(path));
    if (images.isEmpty()) {
      throw new DataException("%s holds no image; expected at least one.".formatted(path));
    }
    return images;
  }
}
