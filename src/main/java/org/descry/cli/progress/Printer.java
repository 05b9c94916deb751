package org.descry.cli.progress;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.descry.io.Printable;

/**
 * Prints what the program says: harmless to a terminal whatever names and words are in it ({@link
 * Printable}), and with a status that is rewritten in place and makes way for the next output.
 */
public final class Printer extends PrintWriter {
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private final PrintWriter raw;
  private final IntSupplier columns;
  private int width; // of the terminal; 0 until it is asked for again
  private int drawn; // columns of the status that is there

  Printer(PrintWriter raw, IntSupplier columns) {
    super(Writer.nullWriter(), true);
    this.raw = raw;
    this.columns = columns;
    out = new Shown();
  }

  /** The printer itself, or one on top of it. */
  public static Printer of(PrintWriter printer) {
    return printer instanceof Printer own ? own : new Printer(printer, Terminal::columns);
  }

  /** Prints a line. */
  void line(String format, Object... values) {
    println(String.format(Locale.ROOT, format, values));
    flush();
  }

  /** Prints a line in a colour. */
  void bright(String text) {
    clear();
    raw.print(GREEN);
    print(text);
    raw.print(PLAIN);
    println();
    flush();
  }

  /** Columns that a status may fill: the last one stays free, for some terminals wrap there. */
  int room() {
    width = width == 0 ? columns.getAsInt() : width;
    return Math.max(1, width - 1);
  }

  /** Draws a status over the one before, cut to the room that there is. */
  void status(String text) {
    String shown = Columns.cut(Printable.of(text), room());
    int filled = Columns.of(shown);
    raw.print("\r" + shown + " ".repeat(Math.max(0, drawn - filled)));
    raw.flush();
    drawn = filled;
  }

  /** Takes the status away, if there is one. */
  public void clear() {
    if (drawn > 0) {
      raw.print("\r" + " ".repeat(drawn) + "\r");
      raw.flush();
      drawn = 0;
      width = 0; // the window may have been resized by the next one
    }
  }

  @Override
  public boolean checkError() {
    return super.checkError() | raw.checkError();
  }

  /** What {@link PrintWriter} writes to. */
  private final class Shown extends Writer {
    @Override
    public void write(char[] text, int from, int length) {
      clear();
      raw.write(Printable.of(new String(text, from, length)));
    }

    @Override
    public void flush() {
      raw.flush();
    }

    @Override
    public void close() throws IOException {
      raw.close();
    }
  }
}
