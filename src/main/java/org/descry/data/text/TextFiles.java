package org.descry.data.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.IoErrors;

/** Reads UTF-8 text that a language model is trained on. */
public final class TextFiles {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private TextFiles() {}

  /**
   * The whole text of a file, line ends as LF, without a byte order mark.
   *
   * @throws DescryException if the file is missing, cannot be read, is not UTF-8, or holds nothing
   *     but white space
   */
  public static String read(Path file) {
    String text = decode(file, bytes(file));
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (text.isBlank()) {
      throw new DataException(file + " is empty; expected UTF-8 text.");
    }
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; expected UTF-8 text.", e);
    } catch (IOException e) {
      String what = Files.isDirectory(file) ? "is a folder" : "cannot be read: " + IoErrors.of(e);
      throw new DataException(file + " " + what + "; expected UTF-8 text.", e);
    }
  }

  private static String decode(Path file, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      throw new DataException(
          "%s is not UTF-8: byte %s (0x%02X) is malformed; expected UTF-8 text."
              .formatted(file, in.position(), bytes[in.position()]));
    }
    return out.flip().toString();
  }
}
