package org.descry.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What lies in folders, as lists: streams of it fail when nobody expects it any more. */
public final class Listing {
  private Listing() {}

  /**
   * The folder and what lies below it, a folder before its content; links are not followed.
   *
   * @param depth how many folders deep
   * @throws IOException if any of the folders cannot be listed
   */
  public static List<Path> below(Path folder, int depth) throws IOException {
    try (Stream<Path> found = Files.walk(folder, depth)) {
      return found.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** As above, however deep. */
  public static List<Path> below(Path folder) throws IOException {
    return below(folder, Integer.MAX_VALUE);
  }
}
