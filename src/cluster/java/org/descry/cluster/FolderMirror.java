package org.descry.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.descry.io.IoErrors;
import org.descry.io.Listing;

/** Sends the driver what changes in a run folder: checkpoints first, which models come after. */
final class FolderMirror {
  private static final Comparator<String> ORDER =
      Comparator.comparing((String name) -> name.endsWith(".checkpoint") ? 0 : 1)
          .thenComparing(name -> name.equals("model.zip") ? 0 : 1)
          .thenComparing(name -> name.equals("summary.json") ? 1 : 0)
          .thenComparing(Comparator.naturalOrder());

  private final Path folder;
  private final DriverLink driver;
  private final Map<String, String> sent = new HashMap<>();

  /**
   * @param known what the driver has
   */
  FolderMirror(Path folder, DriverLink driver, Map<String, byte[]> known) {
    this.folder = folder;
    this.driver = driver;
    known.keySet().forEach(name -> sent.put(name, stamp(folder.resolve(name))));
  }

  /** On the thread that trains; checkpoints may be written by another one. */
  void update() {
    try {
      List<String> names = names();
      boolean changed = sent.keySet().retainAll(names);
      for (String name : names) {
        String stamp = stamp(folder.resolve(name));
        if (!stamp.equals(sent.put(name, stamp))) {
          changed |= send(name);
        }
      }
      if (changed) {
        driver.tell(Message.FILES, names);
      }
    } catch (IOException e) {
      throw IoErrors.unwritable(folder, e);
    }
  }

  /** A checkpoint may be dropped meanwhile. */
  private boolean send(String name) throws IOException {
    try {
      driver.file(name, Files.readAllBytes(folder.resolve(name)));
      return true;
    } catch (NoSuchFileException e) {
      sent.remove(name);
      return false;
    }
  }

  private List<String> names() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    return Listing.below(folder).stream()
        .filter(Files::isRegularFile)
        .map(file -> folder.relativize(file).toString())
        .filter(name -> !name.endsWith(".tmp"))
        .sorted(ORDER)
        .toList();
  }

  /** Files are replaced or grow. */
  private static String stamp(Path file) {
    try {
      return Files.getLastModifiedTime(file) + " " + Files.size(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw IoErrors.unwritable(file, e);
    }
  }
}
