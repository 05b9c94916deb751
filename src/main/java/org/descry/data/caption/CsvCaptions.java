package org.descry.data.caption;

import java.io.IOException;
import java.nio.file.Path;
import org.datavec.api.records.reader.impl.csv.SerializableCSVParser;
import org.descry.DataException;

/** Kaggle's {@code captions.txt}: CSV under the header {@code image,caption}. */
final class CsvCaptions implements CaptionReader {
  static final String HEADER = "image,caption";

  // A quote inside quotes is doubled (RFC 4180); there is no escape character.
  private final SerializableCSVParser parser = new SerializableCSVParser(',', '"', '\0');
  private final CaptionLines lines;

  CsvCaptions(Path file) throws IOException {
    lines = new CaptionLines(file);
    String header = lines.next();
    if (header == null || !header.strip().equalsIgnoreCase(HEADER)) {
      lines.close();
      throw new DataException(
          lines.location() + ": expected the header " + HEADER + ", got: " + header);
    }
  }

  @Override
  public Caption read() throws IOException {
    String line = lines.next();
    if (line == null) {
      return null;
    }
    String[] columns;
    try {
      columns = parser.parseLine(line);
    } catch (IOException e) {
      throw new DataException(lines.location() + ": a quote is opened and not closed", e);
    }
    if (columns.length != 2) {
      throw new DataException(
          lines.location() + ": expected 2 columns, " + HEADER + ", got: " + columns.length);
    }
    return new Caption(columns[0].strip(), columns[1], "", lines.location());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
