package org.descry.testing;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** An image of a red disc on a dark ground, as in the built-in scenes and shapes. */
public final class Discs {
  private Discs() {}

  /** Writes one of so many pixels a side into the folder. */
  public static Path write(Path folder, int size) throws IOException {
    BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(40, 40, 40));
    graphics.fillRect(0, 0, size, size);
    graphics.setColor(new Color(220, 40, 40));
    graphics.fillOval(size / 2 - 7, size / 2 - 7, 15, 15);
    graphics.dispose();
    Path file = folder.resolve("image.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
