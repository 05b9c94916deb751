package org.descry.data.caption.file;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The first line of a table of captions.
 *
 * @param delimiter what stands between the columns
 * @param names of the columns, in lower case
 * @param image position of the column of image names
 * @param caption position of the column of captions
 * @param split position of the column of parts, -1 if there is none
 */
record TableHeader(char delimiter, List<String> names, int image, int caption, int split) {
  static final String EXAMPLE = "image,caption";

  private static final String DELIMITERS = ",|\t;";
  private static final Set<String> IMAGE =
      Set.of("image", "image_name", "image_file", "image_path", "file_name", "filename", "img");
  private static final Set<String> CAPTION =
      Set.of("caption", "comment", "sentence", "text", "description");
  private static final Set<String> SPLIT = Set.of("split");

  /** Returns null if the line names no column of images, or none of captions. */
  static TableHeader parse(String line) {
    for (char delimiter : DELIMITERS.toCharArray()) {
      List<String> names =
          Arrays.stream(line.split(Pattern.quote(String.valueOf(delimiter)), -1))
              .map(name -> unquoted(name).toLowerCase(Locale.ROOT).replace(' ', '_'))
              .toList();
      int image = position(names, IMAGE);
      int caption = position(names, CAPTION);
      if (image >= 0 && caption >= 0) {
        return new TableHeader(delimiter, names, image, caption, position(names, SPLIT));
      }
    }
    return null;
  }

  private static int position(List<String> names, Set<String> known) {
    for (int i = 0; i < names.size(); i++) {
      if (known.contains(names.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Whether quotes hold columns together: not where bars or tabs stand between them. */
  boolean quotes() {
    return delimiter == ',' || delimiter == ';';
  }

  int columns() {
    return names.size();
  }

  @Override
  public String toString() {
    return String.join(String.valueOf(delimiter), names);
  }

  static String unquoted(String text) {
    String bare = text.strip();
    return bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")
        ? bare.substring(1, bare.length() - 1).strip()
        : bare;
  }
}
