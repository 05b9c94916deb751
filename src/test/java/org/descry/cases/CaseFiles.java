package org.descry.cases;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Writes small files of the kinds that cases are made of. */
final class CaseFiles {
  static final List<String> COLOURS = List.of("red", "green", "blue");
  private static final int SIDE = 16;

  private CaseFiles() {}

  /** A text, in which {@link Case#HERE} becomes the folder. */
  static void text(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text.replace(Case.HERE, folder.toString()));
  }

  /** The colour that the index takes in turn. */
  static String colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  /** A noisy image of the index's colour, in the format that its name says. */
  static void image(Path file, int index) throws IOException {
    image(file, index, SIDE);
  }

  static void image(Path file, int index, int side) throws IOException {
    SplittableRandom random = new SplittableRandom(index);
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    int strong = 16 - 8 * (index % COLOURS.size());
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int rgb = random.nextInt(180, 230) << strong;
        for (int shift = 0; shift <= 16; shift += 8) {
          rgb |= shift == strong ? 0 : random.nextInt(20, 70) << shift;
        }
        image.setRGB(x, y, rgb);
      }
    }
    Files.createDirectories(file.getParent());
    String name = file.getFileName().toString();
    if (!ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
      throw new IllegalArgumentException("no writer for " + file);
    }
  }

  /** So many images of each colour, in folders of the colours' names. */
  static void classes(Path folder, int each) throws IOException {
    for (int i = 0; i < each * COLOURS.size(); i++) {
      image(folder.resolve(colour(i)).resolve(i + ".jpg"), i);
    }
  }

  /** The first share of a file, beside it. */
  static void cut(Path file, double share, Path to) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.createDirectories(to.getParent());
    Files.write(to, Arrays.copyOf(whole, (int) (whole.length * share)));
  }

  /** The array file of numpy's first format whose header says {@code entries}. */
  static byte[] npy(String entries, ByteBuffer values) {
    String header = "{" + entries + "}";
    header += " ".repeat(63 - (header.length() + 10) % 64) + "\n"; // the whole is aligned to 64
    return ByteBuffer.allocate(10 + header.length() + values.capacity())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) header.length())
        .put(header.getBytes(StandardCharsets.US_ASCII))
        .put(values.rewind())
        .array();
  }

  static ByteBuffer floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes;
  }
}
