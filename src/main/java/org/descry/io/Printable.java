package org.descry.io;

/** Text from strangers, made fit to be printed: what a terminal or reader would obey is shown. */
public final class Printable {
  private Printable() {}

  /**
   * The text with each control character, and each that overrides the direction of writing, as a
   * backslash, u and four hexadecimal digits, which within JSON means the same; line ends and tabs
   * stay.
   */
  public static String of(String text) {
    if (text.chars().noneMatch(c -> commands((char) c))) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean lineEnd = c == '\r' && text.startsWith("\n", i + 1);
      if (commands(c) && !lineEnd) {
        shown.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  private static boolean commands(char c) {
    return (Character.isISOControl(c) && c != '\n' && c != '\t')
        || (c >= '\u2028' && c <= '\u202e') // line separators, embeddings and overrides
        || (c >= '\u2066' && c <= '\u2069'); // isolates
  }
}
