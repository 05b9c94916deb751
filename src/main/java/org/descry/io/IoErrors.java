package org.descry.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.descry.DescryException;
import org.descry.DiskException;

/** Why files cannot be read or written, in words. */
public final class IoErrors {
  private IoErrors() {}

  /** The kind of failure and what it is about: "access denied /models". */
  public static String of(IOException e) {
    if (e instanceof Utf16Exception) {
      return e.getMessage();
    }
    if (e instanceof CharacterCodingException) {
      return "not UTF-8 text";
    }
    if (e instanceof EOFException) {
      return "the file ends too early";
    }
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return kind.equals("IO") || kind.equals("FileSystem")
        ? Objects.requireNonNullElse(e.getMessage(), "input or output failed")
        : kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT)
            + (e.getMessage() == null ? "" : " " + e.getMessage());
  }

  /** The exception for a file or folder that cannot be written. */
  public static DescryException unwritable(Path file, IOException cause) {
    return new DiskException(
        "%s cannot be written (%s); expected a folder that can be written and has room."
            .formatted(file, of(cause)),
        cause);
  }
}
