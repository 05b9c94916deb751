package org.descry.io;

import java.io.IOException;
import java.util.Locale;

/** Why files cannot be read or written, in words. */
public final class IoErrors {
  private IoErrors() {}

  /** The kind of failure and what it is about: "access denied /models". */
  public static String of(IOException e) {
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return kind.equals("IO") || kind.equals("FileSystem")
        ? String.valueOf(e.getMessage())
        : kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT)
            + " "
            + e.getMessage();
  }
}
