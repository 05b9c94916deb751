package org.descry.job.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The first key in which two trees of settings differ. A file is the same by its whole path.
 *
 * @param key its path, such as {@code training.epochs}
 * @param now its value in the one, or {@code absent}
 * @param then its value in the other
 */
public record Difference(String key, String now, String then) {
  /** Empty for equal trees. */
  public static Optional<Difference> between(JsonNode now, JsonNode then) {
    return between("", now, then);
  }

  private static Optional<Difference> between(String path, JsonNode now, JsonNode then) {
    if (now.isObject() && then.isObject()) {
      Set<String> keys = new LinkedHashSet<>();
      now.fieldNames().forEachRemaining(keys::add);
      then.fieldNames().forEachRemaining(keys::add);
      return keys.stream()
          .map(
              key ->
                  between(path.isEmpty() ? key : path + "." + key, now.path(key), then.path(key)))
          .flatMap(Optional::stream)
          .findFirst();
    }
    return now.toString().equals(then.toString()) || isSameFile(now, then)
        ? Optional.empty()
        : Optional.of(new Difference(path, show(now), show(then)));
  }

  /** Whether both name one file, one of them by its whole path. */
  private static boolean isSameFile(JsonNode now, JsonNode then) {
    if (!now.isTextual() || !then.isTextual()) {
      return false;
    }
    try {
      Path one = Path.of(now.asText());
      Path other = Path.of(then.asText());
      return (one.isAbsolute() || other.isAbsolute()) && Files.isSameFile(one, other);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  private static String show(JsonNode value) {
    return value.isMissingNode() ? "absent" : value.toString();
  }
}
