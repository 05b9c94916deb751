package org.descry.cli.progress;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the program's output goes to. */
final class Terminal {
  private static final int USUAL = 80;
  private static final Pattern SIZE = Pattern.compile("\\d+ (\\d+)\\s*");

  private Terminal() {}

  /** Whether there is one that a line can be rewritten on; none in a pipe, a file or a build. */
  static boolean isThere() {
    return System.console() != null
        && isTerminal(System.console())
        && System.getenv("CI") == null
        && !"dumb".equals(System.getenv("TERM"));
  }

  /** From Java 22 on there is a console without a terminal too, and this method that tells. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Its columns: what COLUMNS says, else the terminal itself, else {@value #USUAL}. */
  static int columns() {
    String told = System.getenv("COLUMNS");
    return columns(told == null ? "" : "0 " + told, columns(size(), USUAL));
  }

  /**
   * @param size rows and columns
   * @param otherwise for a size that says nothing
   */
  static int columns(String size, int otherwise) {
    Matcher parsed = SIZE.matcher(size);
    if (!parsed.matches() || parsed.group(1).length() > 5) {
      return otherwise;
    }
    int columns = Integer.parseInt(parsed.group(1));
    return columns == 0 ? otherwise : columns;
  }

  /** What stty tells of the terminal, or nothing. */
  private static String size() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return "";
      }
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // no stty here, as on Windows, or no terminal
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
