package org.descry.data.caption.file;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.EndingFiles;

/** The lines of a UTF-8 text file that are not blank, with their numbers. */
public final class TextLines implements Closeable {
  private static final int MAX_LENGTH = 1 << 20;
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int END = -1;

  private final Path file;
  private final BufferedReader reader;
  private int number;
  private boolean afterReturn;

  public TextLines(Path file) throws IOException {
    this.file = file;
    this.reader = EndingFiles.reader(file);
  }

  /**
   * Returns the next line that is not blank, null after the last.
   *
   * @throws DescryException if it is longer than any line of text
   */
  public String next() throws IOException {
    String line;
    do {
      line = line();
      number++;
      if (number == 1 && line != null && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
        line = line.substring(1);
      }
    } while (line != null && line.isBlank());
    return line;
  }

  /** Not {@link BufferedReader#readLine}, which fills the memory with a line that has no end. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c == '\n' && afterReturn) {
      c = reader.read();
    }
    if (c == END) {
      return null;
    }
    for (; c != END && c != '\n' && c != '\r'; c = reader.read()) {
      line.append((char) c);
      if (line.length() > MAX_LENGTH) {
        throw new DataException(
            "%s:%s: expected lines of at most %s characters, got a longer one"
                .formatted(file, number + 1, MAX_LENGTH));
      }
    }
    afterReturn = c == '\r';
    return line.toString();
  }

  /** Where the last line stands: {@code file:number}. */
  public Location location() {
    return Location.line(file, number);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
