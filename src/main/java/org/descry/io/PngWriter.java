package org.descry.io;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes images as PNG, without a temporary file: where those lie may be full or read-only. */
public final class PngWriter {
  private PngWriter() {}

  public static void write(RenderedImage image, OutputStream to) throws IOException {
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(to)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IOException("this JDK cannot write PNG");
      }
    }
  }
}
