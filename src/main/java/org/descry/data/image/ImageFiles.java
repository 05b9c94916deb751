package org.descry.data.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DataException;
import org.descry.UsageException;

/** Image files that a path stands for. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * A folder's images and those of folders in it, in the order of their paths; else the path.
   *
   * @throws UsageException if it is a pack, whose images are no files
   * @throws DataException if a folder holds no image, or cannot be read
   */
  public static List<Path> of(Path path) {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    if (ImagePack.isPack(path)) {
      throw new UsageException(
          "%1$s is a pack; expected images or a folder, or for a pack --input %1$s --output DIR."
              .formatted(path));
    }
    List<Path> images = FolderListing.images(path, new PassedOver(path));
    if (images.isEmpty()) {
      throw new DataException("%s holds no image; expected at least one.".formatted(path));
    }
    return images;
  }
}
