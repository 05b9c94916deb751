package org.descry.data.caption.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.datavec.api.records.reader.impl.csv.SerializableCSVParser;
import org.descry.DataException;
import org.descry.io.Excerpt;

/**
 * A table of one caption a row under a {@link TableHeader}: Kaggle's {@code captions.txt} of
 * Flickr8k (commas and quotes) and {@code results.csv} of Flickr30k (bars), and what looks like
 * them. A quoted caption may go over several lines.
 */
final class TableCaptions implements CaptionReader {
  private static final int MAX_LINES = 20;

  /** Flickr30k's results.csv lacks a bar: {@code 2199200615.jpg| 4 A dog runs ...}. */
  private static final Pattern NUMBER_AND_CAPTION = Pattern.compile("\\s*\\d+\\s+(\\S.*)");

  private record Line(String text, Location location) {}

  // A quote inside quotes is doubled (RFC 4180); there is no escape character.
  private final SerializableCSVParser parser;
  private final TextLines lines;
  private final TableHeader header;
  private final Deque<Line> ahead = new ArrayDeque<>();

  TableCaptions(Path file) throws IOException {
    lines = new TextLines(file);
    String first = lines.next();
    header = first == null ? null : TableHeader.parse(first);
    if (header == null) {
      lines.close();
      throw new DataException(
          "%s: expected a header with a column of images and one of captions, such as %s, got: %s"
              .formatted(lines.location(), TableHeader.EXAMPLE, Excerpt.of(first)));
    }
    parser = new SerializableCSVParser(header.delimiter(), '"', '\0');
  }

  @Override
  public Caption read() throws IOException {
    Line line = nextLine();
    if (line == null) {
      return null;
    }
    String[] columns = header.quotes() ? quoted(line) : plain(line.text());
    if (columns.length != header.columns()) {
      throw line.location()
          .bad(
              "expected %s columns, %s, got: %s"
                  .formatted(header.columns(), header, columns.length));
    }
    String image = TableHeader.unquoted(columns[header.image()]);
    if (image.isEmpty()) {
      throw line.location().bad("expected the name of an image, got none");
    }
    String split = header.split() < 0 ? "" : TableHeader.unquoted(columns[header.split()]);
    return new Caption(
        ImageName.of(image), columns[header.caption()].strip(), split, line.location());
  }

  private Line nextLine() throws IOException {
    if (!ahead.isEmpty()) {
      return ahead.remove();
    }
    String text = lines.next();
    return text == null ? null : new Line(text, lines.location());
  }

  /** The columns of a row that goes on over as many lines as it takes to close its quotes. */
  private String[] quoted(Line first) throws IOException {
    String[] bare = first.text().split(delimiter(), -1);
    if (Arrays.stream(bare).noneMatch(column -> column.stripLeading().startsWith("\""))) {
      return bare; // a quote inside a column is a sign like any other
    }
    StringBuilder row = new StringBuilder(first.text());
    Deque<Line> used = new ArrayDeque<>();
    while (true) {
      String[] columns = parse(row.toString());
      if (columns != null) {
        return columns;
      }
      Line more = used.size() < MAX_LINES ? nextLine() : null;
      if (more == null) {
        // The lines behind it may be whole rows.
        while (!used.isEmpty()) {
          ahead.addFirst(used.removeLast());
        }
        throw first.location().bad("a quote is opened and not closed");
      }
      used.add(more);
      row.append('\n').append(more.text());
    }
  }

  /** Returns null if a quote is open at the end. */
  private String[] parse(String row) {
    try {
      return parser.parseLine(row);
    } catch (IOException e) {
      return null;
    }
  }

  private String delimiter() {
    return Pattern.quote(String.valueOf(header.delimiter()));
  }

  private String[] plain(String line) {
    String[] columns = line.split(delimiter(), -1);
    boolean captionLast = header.caption() == header.columns() - 1;
    if (captionLast && columns.length > header.columns()) {
      return line.split(delimiter(), header.columns());
    }
    if (captionLast && header.columns() == 3 && columns.length == 2) {
      Matcher matcher = NUMBER_AND_CAPTION.matcher(columns[1]);
      return matcher.matches() ? new String[] {columns[0], "", matcher.group(1)} : columns;
    }
    return columns;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
