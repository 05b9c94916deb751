package org.descry.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.decode.ImageDecoder;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;

/** Finds the images below a folder. What operating systems leave behind is not seen at all. */
final class FolderListing {
  static final String NO_IMAGE = "files that are no images";
  static final String EMPTY = "folders without images";

  private static final int IMAGE_START = 16;
  private static final Set<String> LITTER =
      Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "icon\r");
  private static final Set<String> IMAGE_ENDINGS =
      Set.of(
          "jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "bmp", "dib", "tif", "tiff", "pbm",
          "pgm", "ppm", "pnm");

  private FolderListing() {}

  /** The folders in {@code folder}, in the order of their names. */
  static List<Path> folders(Path folder) {
    return entries(folder).stream().filter(Files::isDirectory).toList();
  }

  /** The files in {@code folder}, in the order of their names. */
  static List<Path> files(Path folder) {
    return entries(folder).stream().filter(entry -> !Files.isDirectory(entry)).toList();
  }

  /**
   * The images in {@code folder} and the folders below it, in the order of their paths. A file
   * counts as one by its name's ending, or where that is none or unknown, by how it begins.
   *
   * @throws DescryException if a folder cannot be read, or a link leads back to a folder above
   */
  static List<Path> images(Path folder, PassedOver passedOver) {
    List<Path> images = new ArrayList<>();
    collect(folder, new ArrayList<>(), images, passedOver);
    images.sort(Comparator.naturalOrder());
    return images;
  }

  /**
   * As {@link #images}.
   *
   * @throws DataException if there are none, or there is no such folder
   */
  static List<Path> some(Path folder, PassedOver passedOver) {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "Image folder " + folder + " does not exist or is no folder; expected one with images.");
    }
    List<Path> images = images(folder, passedOver);
    if (images.isEmpty()) {
      throw new DataException("Folder " + folder + " holds no images; expected at least one.");
    }
    return images;
  }

  private static void collect(
      Path folder, List<Path> above, List<Path> images, PassedOver passedOver) {
    int before = images.size();
    above.add(real(folder));
    for (Path entry : entries(folder)) {
      if (Files.isDirectory(entry)) {
        if (above.contains(real(entry))) {
          throw new DataException(
              "Folder %s links to a folder that it lies in; expected folders without circles."
                  .formatted(entry));
        }
        collect(entry, above, images, passedOver);
      } else if (isImage(entry)) {
        images.add(entry);
      } else {
        passedOver.add(entry, NO_IMAGE);
      }
    }
    above.remove(above.size() - 1);
    if (images.size() == before && !above.isEmpty()) { // a class's own folder is the caller's
      passedOver.add(folder, EMPTY);
    }
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new DataException("Folder " + folder + " cannot be read: " + e, e);
    }
  }

  private static boolean isImage(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) { // a pipe would be waited for
      throw new DataException(
          "%s is neither a file nor a folder; expected images.".formatted(file));
    }
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    if (dot < 0 || IMAGE_ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))) {
      return true;
    }
    try (InputStream in = EndingFiles.open(file)) {
      return ImageDecoder.isImage(in.readNBytes(IMAGE_START));
    } catch (IOException e) {
      throw new DataException("Image %s cannot be read (%s).".formatted(file, IoErrors.of(e)), e);
    }
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> !isLitter(entry)).sorted().toList();
    } catch (IOException e) {
      throw new DataException("Folder " + folder + " cannot be listed: " + IoErrors.of(e), e);
    }
  }

  private static boolean isLitter(Path entry) {
    String name = entry.getFileName().toString();
    return name.startsWith(".") || LITTER.contains(name.toLowerCase(Locale.ROOT));
  }
}
