package org.descry.io;

/** Fields of CSV files, as RFC 4180 has them. */
public final class Csv {
  private Csv() {}

  /** A field as it is, or in quotes where it has to be. */
  public static String field(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
