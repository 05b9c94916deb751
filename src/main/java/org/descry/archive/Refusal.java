package org.descry.archive;

import java.nio.file.Path;
import java.util.Locale;
import org.descry.DataException;
import org.descry.io.Excerpt;

/** Says in a sentence why a model zip is not taken. */
final class Refusal {
  private Refusal() {}

  static DataException of(Path file, String reason, Object... values) {
    return new DataException(file + ": " + String.format(Locale.ROOT, reason, values));
  }

  static DataException of(Path file, Throwable cause, String reason, Object... values) {
    return new DataException(file + ": " + String.format(Locale.ROOT, reason, values), cause);
  }

  /** What a library said, or what a zip says of itself, fit to stand in a sentence. */
  static String quoted(String text) {
    String line = Excerpt.of(String.valueOf(text).lines().findFirst().orElse("").strip());
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  /** The message of a failure, or what it comes to where it has none. */
  static String quoted(Throwable failure) {
    return failure.getMessage() == null ? "damaged content" : quoted(failure.getMessage());
  }
}
