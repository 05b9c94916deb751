package org.descry.data.caption;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lines of a UTF-8 text file that are not blank, with their numbers. */
final class CaptionLines implements Closeable {
  private final Path file;
  private final BufferedReader reader;
  private int number;

  CaptionLines(Path file) throws IOException {
    this.file = file;
    this.reader = Files.newBufferedReader(file);
  }

  /** Returns the next line that is not blank, null after the last. */
  String next() throws IOException {
    String line;
    do {
      line = reader.readLine();
      number++;
      if (number == 1 && line != null && line.startsWith("\uFEFF")) {
        line = line.substring(1);
      }
    } while (line != null && line.isBlank());
    return line;
  }

  /** Where the last line stands: {@code file:number}. */
  String location() {
    return file + ":" + number;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
