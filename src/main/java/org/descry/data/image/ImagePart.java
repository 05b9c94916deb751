package org.descry.data.image;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.descry.DataException;

/** Some of the images below a folder, which are worked on as one: a shard of a pack, or so many. */
public final class ImagePart {
  private final Path folder;
  private final ImagePack.Shard shard;
  private final List<Path> files;

  private ImagePart(Path folder, ImagePack.Shard shard, List<Path> files) {
    this.folder = folder;
    this.shard = shard;
    this.files = files;
  }

  /**
   * All images below a folder or in a pack, in the order of their paths.
   *
   * @param most images in a part that is no shard
   * @throws org.descry.DescryException if there are none, or the folder cannot be read
   */
  public static List<ImagePart> of(Path folder, int most) {
    if (ImagePack.isPack(folder)) {
      return ImagePack.index(folder).shards().stream()
          .map(shard -> new ImagePart(folder, shard, null))
          .toList();
    }
    List<Path> images = FolderListing.some(folder, new PassedOver(folder));
    List<ImagePart> parts = new ArrayList<>();
    for (int from = 0; from < images.size(); from += most) {
      List<Path> some = images.subList(from, Math.min(images.size(), from + most));
      parts.add(new ImagePart(folder, null, some));
    }
    return parts;
  }

  /** How many images it has. */
  public int size() {
    return shard == null ? files.size() : shard.images();
  }

  /** What tells it from other parts: the names of its images, or of its shard with its size. */
  public String identity() {
    return shard == null
        ? String.join("\n", files.stream().map(file -> name(folder, file)).toList())
        : shard.toString();
  }

  /**
   * An image.
   *
   * @param name its path below the folder, with slashes
   */
  public record Named(String name, Path file) {}

  /** The images of a part, as long as it is open. */
  public record Opened(List<Named> images, ImagePack pack) implements Closeable {
    @Override
    public void close() {
      if (pack != null) {
        pack.close();
      }
    }
  }

  /**
   * @throws DataException if the shard is no zip, or one of another number of images
   */
  public Opened open() {
    if (shard == null) {
      return new Opened(named(folder, files), null);
    }
    ImagePack pack = ImagePack.openShard(folder, shard);
    Path root = pack.roots().get(0);
    List<Path> found = FolderListing.images(root, new PassedOver(root));
    if (found.size() != shard.images()) {
      pack.close();
      throw new DataException(
          "%s has %s images; expected %s, as its index says."
              .formatted(folder.resolve(shard.file()), found.size(), shard.images()));
    }
    return new Opened(named(root, found), pack);
  }

  private static List<Named> named(Path root, List<Path> files) {
    return files.stream().map(file -> new Named(name(root, file), file)).toList();
  }

  private static String name(Path root, Path file) {
    return ImagePack.slashed(root.relativize(file));
  }
}
