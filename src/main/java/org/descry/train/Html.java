package org.descry.train;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Locale;
import javax.imageio.ImageIO;

/** The pieces that report pages are made of. */
final class Html {
  private Html() {}

  /** A picture of H x W x C bytes as a PNG in base64. */
  static String png(byte[] pixels, int height, int width, int channels) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < height * width; i++) {
      int red = pixels[i * channels] & 0xff;
      int green = channels == 3 ? pixels[i * channels + 1] & 0xff : red;
      int blue = channels == 3 ? pixels[i * channels + 2] & 0xff : red;
      picture.setRGB(i % width, i / width, red << 16 | green << 8 | blue);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  /** Rows as a table. */
  static String table(String rows) {
    return "<table>" + rows + "</table>";
  }

  /** A row of a name and a value. */
  static String row(String name, String value) {
    return "<tr><th scope='row'>" + name + "</th><td>" + escape(value) + "</td></tr>";
  }

  /** Adds a cell to a row. */
  static void cell(StringBuilder row, String value) {
    row.append("<td>").append(value).append("</td>");
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
