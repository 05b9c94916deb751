package org.descry.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.DiskException;

/**
 * Native libraries lie in jars and are unpacked before they are loaded. Where the disk is what
 * keeps them from it, that is no matter of the library.
 */
public final class Unpacking {
  private static final int ROOM = 1 << 20;

  private Unpacking() {}

  /** A folder that libraries are unpacked into. */
  @FunctionalInterface
  public interface Place {
    Path folder() throws IOException;
  }

  /** Where most libraries go. */
  public static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** Where JNA's goes. */
  public static Path jna() {
    Path cache = Path.of(System.getProperty("user.home"), ".cache/JNA/temp");
    return Files.isWritable(cache) ? cache : temporary();
  }

  /**
   * Says so if a library did not load because of the disk.
   *
   * @param failure of loading
   * @param place where it was to be unpacked
   * @throws DiskException if a file was the matter, or nothing can be written there now
   */
  public static void requireDisk(Throwable failure, Place place) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        throw unwritable(io);
      }
    }
    require(place);
  }

  /**
   * @throws DiskException if nothing can be written there
   */
  public static void require(Place place) {
    try {
      Path probe = Files.createTempFile(place.folder(), "descry", null);
      try {
        Files.write(probe, new byte[ROOM]);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static DiskException unwritable(IOException e) {
    return new DiskException(
        "Native libraries cannot be unpacked (%s); expected room in the home folder and the temporary one: java -Djava.io.tmpdir=DIR -Duser.home=DIR sets others."
            .formatted(IoErrors.of(e)),
        e);
  }
}
