package org.descry.data.convert;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.descry.data.image.ImageSet;
import org.descry.io.AtomicFiles;
import org.descry.io.PngWriter;

/** Images as PNG files: single ones, and many of a set on one sheet. */
public final class Pngs {
  private static final int GAP = 2;
  private static final int SMALL = 48; // smaller images are shown at twice their size
  private static final int COLUMNS = 12;

  private Pngs() {}

  public static void write(ImageSet images, int index, Path file) throws IOException {
    BufferedImage image =
        new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
    draw(images, index, image, 0, 0, 1);
    write(image, file);
  }

  /** A row a class, in the order of the labels, with the first images of each. */
  static void writeSheet(ImageSet images, Path file) throws IOException {
    int zoom = images.width() < SMALL ? 2 : 1;
    int cellWidth = images.width() * zoom + GAP;
    int cellHeight = images.height() * zoom + GAP;
    BufferedImage sheet =
        new BufferedImage(
            COLUMNS * cellWidth + GAP,
            images.classes() * cellHeight + GAP,
            BufferedImage.TYPE_INT_RGB);
    int[] shown = new int[images.classes()];
    for (int i = 0; i < images.size(); i++) {
      int row = images.label(i);
      if (shown[row] < COLUMNS) {
        int left = GAP + shown[row]++ * cellWidth;
        draw(images, i, sheet, left, GAP + row * cellHeight, zoom);
      }
    }
    AtomicFiles.write(file, out -> PngWriter.write(sheet, out));
  }

  private static void draw(
      ImageSet images, int index, BufferedImage canvas, int left, int top, int zoom) {
    byte[] pixels = images.pixels(index);
    for (int y = 0; y < images.height() * zoom; y++) {
      for (int x = 0; x < images.width() * zoom; x++) {
        int at = (y / zoom * images.width() + x / zoom) * images.channels();
        int next = images.channels() == 1 ? 0 : 1; // grey stands for all three
        int red = pixels[at] & 0xff;
        int green = pixels[at + next] & 0xff;
        int blue = pixels[at + 2 * next] & 0xff;
        canvas.setRGB(left + x, top + y, red << 16 | green << 8 | blue);
      }
    }
  }

  private static void write(BufferedImage image, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      PngWriter.write(image, out);
    }
  }
}
