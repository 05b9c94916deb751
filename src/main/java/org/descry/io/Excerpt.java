package org.descry.io;

/** Text from a stranger's file, made fit for a message: short, on one line, without controls. */
public final class Excerpt {
  private static final int LONGEST = 160;

  private Excerpt() {}

  /**
   * The beginning of {@code given}, which may be null; a control character, which a terminal may
   * obey, becomes '?'.
   */
  public static String of(String given) {
    String text = String.valueOf(given);
    String start = text.length() > LONGEST ? text.substring(0, LONGEST) + " ..." : text;
    return start
        .codePoints()
        .map(c -> Character.isWhitespace(c) ? ' ' : Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
