package org.descry.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that come to an end: no devices, and no pipes that nobody may ever write into. */
public final class EndingFiles {
  private static final int LARGEST = 1 << 20;

  private EndingFiles() {}

  /** Whether a file may have no end; one that is missing, or a folder, is another mistake. */
  public static boolean isEndless(Path file) {
    // A pipe that the shell has opened already ends with its writer.
    return Files.exists(file)
        && !Files.isRegularFile(file)
        && !Files.isDirectory(file)
        && !file.startsWith("/dev/fd")
        && !file.equals(Path.of("/dev/stdin"));
  }

  /**
   * @throws IOException if the file cannot be opened or may have no end
   */
  public static InputStream open(Path file) throws IOException {
    if (isEndless(file)) {
      throw new IOException("not a regular file");
    }
    return Files.newInputStream(file);
  }

  /**
   * The content of a file.
   *
   * @throws IOException as {@link #open}
   */
  public static byte[] bytes(Path file) throws IOException {
    try (InputStream in = open(file)) {
      return in.readAllBytes();
    }
  }

  /**
   * The content of a file of UTF-8.
   *
   * @throws IOException as {@link #open}, or if it is no such text
   */
  public static String text(Path file) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(file))).toString();
  }

  /**
   * The content of a file of settings, keys or the like.
   *
   * @throws IOException as {@link #open}, or if it is larger than 1 MB
   */
  public static byte[] small(Path file) throws IOException {
    try (InputStream in = open(file)) {
      byte[] content = in.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new IOException("larger than 1 MB");
      }
      return content;
    }
  }
}
