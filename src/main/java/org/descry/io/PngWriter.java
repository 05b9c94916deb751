package org.descry.io;

import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images as PNG, without a temporary file: where those lie may be full or read-only. */
public final class PngWriter {
  private PngWriter() {}

  /**
   * Writes H x W bytes of grey, or H x W x 3 of colour.
   *
   * @param pixels the channels last
   */
  public static void write(byte[] pixels, int height, int width, OutputStream to)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int channels = pixels.length / (height * width);
    int next = channels == 1 ? 0 : 1; // grey stands for all three
    for (int i = 0; i < height * width; i++) {
      int at = i * channels;
      image.setRGB(
          i % width,
          i / width,
          (pixels[at] & 0xff) << 16
              | (pixels[at + next] & 0xff) << 8
              | pixels[at + 2 * next] & 0xff);
    }
    write(image, to);
  }

  public static void write(RenderedImage image, OutputStream to) throws IOException {
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(to)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this JDK cannot write PNG");
      }
    }
  }
}
