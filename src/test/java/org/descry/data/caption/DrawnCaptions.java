package org.descry.data.caption;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.junit.jupiter.api.io.TempDir;

/** Caption files of a test, about images that it draws. */
abstract class DrawnCaptions {
  static final CaptionLimits LIMITS = new CaptionLimits(1, 9, LongCaptions.FAIL, 0);

  @TempDir Path directory;

  /** Draws an image whose red is {@code red}. */
  final void draw(String path, int red) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, new Color(red, 0, 0).getRGB());
    ImageIO.write(image, "png", file.toFile());
  }

  final Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  static CaptionData load(CaptionFiles files) {
    return CaptionData.load(files, LIMITS, 2, 2, 1);
  }

  static int size(CaptionData data) {
    return data.train().size() + data.validation().size() + data.test().size();
  }
}
