package org.descry.data.builtin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.descry.UsageException;

/** The texts that come with the program, by names that no file has. */
public final class BuiltInTexts {
  /** What their names begin with. */
  static final String PREFIX = "builtin:";

  private static final List<String> NAMES = List.of("hello-world", "two-sentences");

  private BuiltInTexts() {}

  /**
   * The text of a name such as {@code builtin:hello-world}; empty for a name without the prefix.
   *
   * @throws UsageException if there is none of the name
   */
  public static Optional<String> named(String name) {
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    String text = name.substring(PREFIX.length());
    if (!NAMES.contains(text)) {
      throw new UsageException(
          "%s: there is no such text; expected %s%s."
              .formatted(name, PREFIX, String.join(" or " + PREFIX, NAMES)));
    }
    return Optional.of(read(text));
  }

  /** The text that jobs of version 0.1.0 name as a file of the program's source folder. */
  public static Optional<String> ofSourceFile(String path) {
    return NAMES.stream()
        .filter(name -> path.equals("resources/data/" + name + ".txt"))
        .findFirst()
        .map(BuiltInTexts::read);
  }

  private static String read(String name) {
    try (InputStream in =
        BuiltInTexts.class.getResourceAsStream("/org/descry/data/" + name + ".txt")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
