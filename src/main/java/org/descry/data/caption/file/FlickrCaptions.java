package org.descry.data.caption.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The token files of Flickr8k and Flickr30k: {@code name#number<TAB>caption} a line. */
final class FlickrCaptions implements CaptionReader {
  private static final Pattern IDENTIFIER = Pattern.compile("(.+)#\\d+\\s*");

  private final TextLines lines;

  FlickrCaptions(Path file) throws IOException {
    lines = new TextLines(file);
  }

  @Override
  public Caption read() throws IOException {
    String line = lines.next();
    if (line == null) {
      return null;
    }
    String[] columns = line.split("\t", -1);
    if (columns.length != 2) {
      throw lines
          .location()
          .bad(
              "expected 2 columns, name#number and caption, separated by a tab, got: "
                  + columns.length);
    }
    Matcher identifier = IDENTIFIER.matcher(columns[0]);
    if (!identifier.matches()) {
      throw lines.location().bad("expected name#number in the first column, got: " + columns[0]);
    }
    return new Caption(ImageName.of(identifier.group(1)), columns[1], "", lines.location());
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
