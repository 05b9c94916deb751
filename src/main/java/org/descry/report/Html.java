package org.descry.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;
import org.descry.io.PngWriter;
import org.descry.io.Printable;

/** The pieces that report pages are made of. */
public final class Html {
  private Html() {}

  /** An image of H x W x C bytes as a PNG in base64. */
  public static String png(byte[] pixels, int height, int width) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      PngWriter.write(pixels, height, width, png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  /** Rows as a table, which is scrolled by itself where it is too wide. */
  public static String table(String rows) {
    return "<div class='scroll'><table>" + rows + "</table></div>";
  }

  /** Rows of names and values as a table whose lines are broken. */
  public static String facts(String rows) {
    return "<table class='facts'>" + rows + "</table>";
  }

  /** A row of a name and a value. */
  public static String row(String name, String value) {
    return "<tr><th scope='row'>" + name + "</th><td>" + escape(value) + "</td></tr>";
  }

  /** Adds a cell to a row. */
  public static void cell(StringBuilder row, String value) {
    row.append("<td>").append(value).append("</td>");
  }

  public static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** The number with at most four significant digits, in the shorter of the two notations. */
  public static String compact(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (rounded.signum() == 0 || (exponent >= -3 && exponent < 6)) {
      return rounded.toPlainString();
    }
    return rounded.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString()
        + "e"
        + exponent;
  }

  /** A label cut to what fits beside its neighbours. */
  public static String shortened(String label) {
    return label.length() > 16 ? label.substring(0, 15) + "…" : label;
  }

  /** An entry of a chart's legend in the colour of a CSS class. */
  public static String legend(String style, String name) {
    return "<span class='key %s'>&#9632; %s</span>".formatted(style, escape(name));
  }

  /** A time as people say it: {@code 1 h 02 min}, {@code 3 min 05 s}, {@code 12.3 s}. */
  public static String seconds(double seconds) {
    long whole = Math.round(seconds);
    if (whole >= 3600) {
      return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }
    return whole >= 60
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%.1f s", seconds);
  }

  /** Lines of text as they are. */
  public static String text(String lines) {
    return lines.lines().map(Html::escape).collect(Collectors.joining("\n"));
  }

  /**
   * The style of what has the CSS class {@code hue}: one of {@code count} colours, as far from the
   * others as it can be. How bright it is, the page says, for light and dark.
   */
  public static String hue(int index, int count) {
    return "--hue:%s".formatted((210 + 360 * index / count) % 360);
  }

  /** A mark in the colour of {@link #hue}, before a name. */
  public static String swatch(int index, int count) {
    return "<span class='swatch hue' style='%s'></span>".formatted(hue(index, count));
  }

  public static String escape(String text) {
    return Printable.of(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
