package org.descry.data.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.BadRecordException;
import org.descry.data.Intake;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;
import org.descry.io.Utf16Exception;

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
    Intake intake = Intake.strict();
    String text = read(file, intake);
    intake.settle();
    return text;
  }

  /** As above, without the lines that are not UTF-8. */
  public static String read(Path file, Intake intake) {
    String text = decode(file, intake.reading(file, () -> bytes(file)), intake);
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (text.isBlank()) {
      throw new DataException(file + " is empty; expected UTF-8 text" + intake.sentence() + ".");
    }
    return text.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = EndingFiles.openText(file)) {
      return in.readAllBytes();
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; expected UTF-8 text.", e);
    } catch (Utf16Exception e) {
      throw new DataException(file + " is UTF-16 text; expected UTF-8 text.", e);
    } catch (IOException e) {
      String what = Files.isDirectory(file) ? "is a folder" : "cannot be read: " + IoErrors.of(e);
      throw new DataException(file + " " + what + "; expected UTF-8 text.", e);
    }
  }

  private static String decode(Path file, byte[] bytes, Intake intake) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    CharBuffer text = CharBuffer.allocate(bytes.length);
    int line = 1;
    for (int from = 0, to; from < bytes.length; from = to, line++) {
      to = end(bytes, from);
      ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
      int before = text.position();
      if (decoder.reset().decode(in, text, true).isError()) {
        text.position(before);
        text.put('\n'); // those behind it keep their numbers
        int at = in.position();
        intake.leaveOut(
            new BadRecordException(
                file,
                "line %s (byte %s)".formatted(line, at),
                "%s is not UTF-8: byte %s (0x%02X) is malformed; expected UTF-8 text."
                    .formatted(file, at, bytes[at])));
      }
    }
    return text.flip().toString();
  }

  /** Where the line that begins at a byte ends. */
  private static int end(byte[] bytes, int from) {
    int to = from;
    while (to < bytes.length && bytes[to] != '\n') {
      to++;
    }
    return Math.min(bytes.length, to + 1);
  }
}
