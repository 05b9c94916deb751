package org.descry.cli.progress;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines of output, the last of which may be a status that is rewritten in place. */
final class StatusLine {
  private final PrintWriter out;
  private int drawn;

  StatusLine(PrintWriter out) {
    this.out = out;
  }

  /** Prints a line to stay, in the place of the status. */
  void line(String format, Object... values) {
    String text = String.format(Locale.ROOT, format, values);
    out.println(drawn > 0 ? "\r" + padded(text) : text);
    out.flush();
    drawn = 0;
  }

  /** Draws the status over the one before. */
  void redraw(String text) {
    out.print("\r" + padded(text));
    out.flush();
  }

  /** Covers what the last drawing left on the line. */
  private String padded(String text) {
    String covering = text + " ".repeat(Math.max(0, drawn - text.length()));
    drawn = text.length();
    return covering;
  }
}
