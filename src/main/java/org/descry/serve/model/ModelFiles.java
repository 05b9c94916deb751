package org.descry.serve.model;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.descry.DataException;
import org.descry.io.IoErrors;

/**
 * Finds models: one zip, or a folder of {@code NAME/VERSION/model.zip} and {@code NAME.zip}, which
 * is version 1 where no folder has one.
 */
final class ModelFiles {
  private static final String FILE = "model.zip";
  private static final String ENDING = ".zip";
  private static final Pattern NAMES = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,99}");
  private static final Pattern VERSIONS = Pattern.compile("[1-9][0-9]{0,17}");

  private final Path path;
  private final boolean single;

  ModelFiles(Path path) {
    this.path = path;
    single = !Files.isDirectory(path); // a folder that goes away does not become a zip
  }

  /** Whether it is one model that is served, for better or worse. */
  boolean single() {
    return single;
  }

  /**
   * What is there now.
   *
   * @throws DataException if the file or folder cannot be read
   */
  List<Source> find() {
    try {
      if (single) {
        return List.of(Source.of(name(path), 1, path));
      }
      List<Source> found = new ArrayList<>();
      List<Source> zips = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        for (Path entry : entries) {
          addAll(entry, found, zips);
        }
      }
      zips.removeIf(zip -> found.stream().anyMatch(zip::isSameVersion));
      found.addAll(zips);
      return found;
    } catch (DirectoryIteratorException e) {
      throw unreadable(e.getCause());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private DataException unreadable(IOException e) {
    return new DataException(
        "%s cannot be read (%s); expected a model zip, or a folder of NAME/VERSION/model.zip."
            .formatted(path, IoErrors.of(e)),
        e);
  }

  private static void addAll(Path entry, List<Source> found, List<Source> zips) throws IOException {
    String name = entry.getFileName().toString();
    if (Files.isRegularFile(entry) && name.endsWith(ENDING)) {
      if (NAMES.matcher(name(entry)).matches()) {
        zips.add(Source.of(name(entry), 1, entry));
      }
    } else if (Files.isDirectory(entry) && NAMES.matcher(name).matches()) {
      try (DirectoryStream<Path> versions = Files.newDirectoryStream(entry)) {
        for (Path version : versions) {
          String number = version.getFileName().toString();
          Path file = version.resolve(FILE);
          if (VERSIONS.matcher(number).matches() && Files.isRegularFile(file)) {
            found.add(Source.of(name, Long.parseLong(number), file));
          }
        }
      }
    }
  }

  private static String name(Path zip) {
    String name = zip.getFileName().toString();
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }
}
