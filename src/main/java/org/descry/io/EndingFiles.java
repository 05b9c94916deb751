package org.descry.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Files that come to an end: no devices, and no pipes that nobody may ever write into. */
public final class EndingFiles {
  private static final int LARGEST = 1 << 20;
  private static final int MARK_BYTES = 2;
  private static final byte[] BIG_ENDIAN = {(byte) 0xFE, (byte) 0xFF};
  private static final byte[] LITTLE_ENDIAN = {(byte) 0xFF, (byte) 0xFE};

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
   * A file of text in UTF-8, which whoever reads it decodes.
   *
   * @throws IOException as {@link #open}
   * @throws Utf16Exception if it begins as one in UTF-16 does
   */
  public static InputStream openText(Path file) throws IOException {
    PushbackInputStream in = new PushbackInputStream(open(file), MARK_BYTES);
    try {
      byte[] start = in.readNBytes(MARK_BYTES);
      requireNoUtf16(start);
      in.unread(start);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The lines of {@link #openText}, for whom they fail as those of {@link Files#lines} do. */
  public static Stream<String> lines(Path file) throws IOException {
    BufferedReader reader = reader(file);
    return reader.lines().onClose(() -> close(reader));
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The characters of {@link #openText}; it fails at bytes that are no UTF-8. */
  public static BufferedReader reader(Path file) throws IOException {
    return new BufferedReader(new InputStreamReader(openText(file), UTF_8.newDecoder()));
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
    return text(bytes(file));
  }

  /**
   * The text that a file of UTF-8 holds.
   *
   * @throws CharacterCodingException if it is no such text
   */
  public static String text(byte[] content) throws CharacterCodingException {
    requireNoUtf16(content);
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString(); // reports what is not
  }

  private static void requireNoUtf16(byte[] content) throws Utf16Exception {
    byte[] start = Arrays.copyOf(content, MARK_BYTES);
    if (Arrays.equals(start, BIG_ENDIAN) || Arrays.equals(start, LITTLE_ENDIAN)) {
      throw new Utf16Exception();
    }
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
