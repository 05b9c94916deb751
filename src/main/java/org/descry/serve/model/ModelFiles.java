package org.descry.serve.model;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.descry.DataException;
import org.descry.io.Excerpt;
import org.descry.io.IoErrors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds models: one zip, or a folder of {@code NAME/VERSION/model.zip} and {@code NAME.zip}, which
 * is version 1 where no folder has one. What looks like a model and is passed over is told of.
 */
final class ModelFiles {
  private static final String FILE = "model.zip";
  private static final String ENDING = ".zip";
  private static final Pattern NAMES = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,99}");
  private static final Pattern VERSIONS = Pattern.compile("[1-9][0-9]{0,17}");

  private static final Logger LOG = LoggerFactory.getLogger("org.descry.serve");

  private final Path path;
  private final boolean single;
  private final Set<Path> told = new HashSet<>();

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
      List<Path> here = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "[!.]*")) {
        entries.forEach(here::add);
      }
      Collections.sort(here); // NAME before NAME.zip
      for (Path entry : here) {
        addAll(entry, found);
      }
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

  private void addAll(Path entry, List<Source> found) throws IOException {
    String name = entry.getFileName().toString();
    if (!Files.isDirectory(entry)) {
      if (isZip(name)) {
        add(name(entry), "1", entry, found);
      }
      return;
    }
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(entry)) {
      for (Path version : versions) {
        Path file = version.resolve(FILE);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          add(name, version.getFileName().toString(), file, found);
        } else if (version.endsWith(FILE)) {
          passOver(version, "expected it in a folder of its version, such as " + name + "/1");
        }
      }
    }
  }

  private void add(String name, String version, Path file, List<Source> found) throws IOException {
    if (!NAMES.matcher(name).matches()) {
      passOver(file, "expected a model's name of letters, digits, '.', '_' and '-'");
    } else if (!VERSIONS.matcher(version).matches()) {
      passOver(file, "expected a version from 1 to 999999999999999999");
    } else if (!Files.isRegularFile(file)) {
      passOver(file, "expected a file");
    } else {
      Source source = Source.of(name, Long.parseLong(version), file);
      if (found.stream().anyMatch(source::isSameVersion)) {
        passOver(file, "expected one version %s of %s alone".formatted(version, name));
      } else {
        found.add(source);
      }
    }
  }

  /** Says so once. */
  private void passOver(Path file, String reason) {
    if (told.add(file)) {
      LOG.warn("{} is passed over; {}", Excerpt.of(file.toString()), reason);
    }
  }

  private static boolean isZip(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(ENDING);
  }

  private static String name(Path zip) {
    String name = zip.getFileName().toString();
    return isZip(name) ? name.substring(0, name.length() - ENDING.length()) : name;
  }
}
