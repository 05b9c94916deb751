package org.descry.data.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.descry.data.BadRecordException;
import org.descry.data.decode.Fit;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.decode.RgbImage;
import org.descry.io.EndingFiles;
import org.descry.io.IoErrors;

/**
 * Loads image files as bytes of one size: 8 bits a channel, RGB order, channels-last.
 *
 * <p>Transparency is dropped, palettes and 16-bit files become 8-bit colour, grey becomes colour
 * (or the reverse for one channel), and a camera's orientation mark is obeyed; colour profiles are
 * not. Of several pages or frames the first counts. Shrinking averages over areas. Safe for several
 * threads.
 *
 * @param channels 3 for RGB, 1 for grey
 * @param maxPixels files with more pixels (height times width) are refused before decoding
 * @param fit what becomes of images of another shape
 */
public record ImageLoader(int height, int width, int channels, long maxPixels, Fit fit) {
  /**
   * The version of what is done to a file before the normaliser: 1 is Descry 0.1.0's, by OpenCV
   * 4.5.5.
   */
  public static final int VERSION = 2;

  private static final int GREY = 1;
  private static final int BYTES_PER_PIXEL = 8; // 16 bits in four channels, uncompressed
  private static final long BESIDES = 64 << 20; // headers, profiles, later pages

  /** A decoded image: pixels of the asked size, and the size of the file's own. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Image(byte[] pixels, int originalHeight, int originalWidth) {}

  /** With the default limit, {@link ImageDecoder#MAX_PIXELS}, and squashed. */
  public ImageLoader(int height, int width, int channels) {
    this(height, width, channels, ImageDecoder.MAX_PIXELS);
  }

  /** Squashed. */
  public ImageLoader(int height, int width, int channels, long maxPixels) {
    this(height, width, channels, maxPixels, Fit.SQUASH);
  }

  /**
   * @throws BadRecordException if the file is missing, unreadable, no image, cut off or too large
   */
  public Image load(Path file) {
    return decode(ImagePack.name(file), read(file));
  }

  /**
   * As {@link #load}, of a file's content.
   *
   * @param name what the image is called in messages
   */
  public Image decode(String name, byte[] file) {
    return sized(name, () -> ImageDecoder.decode(file, maxPixels));
  }

  /**
   * As {@link #load}, of what a stream holds up to its end.
   *
   * @param name what the image is called in messages
   */
  public Image decode(String name, InputStream in) {
    try {
      return decode(name, bytes(name, in));
    } catch (IOException e) {
      throw bad(name, "cannot be read (%s); expected an image file.".formatted(IoErrors.of(e)));
    }
  }

  /**
   * As {@link #load}, of pixels that have been decoded already: to the same bytes as of a file
   * without losses that holds them.
   *
   * @param name what the image is called in messages
   */
  public Image of(String name, BufferedImage image) {
    return sized(name, () -> ImageDecoder.rgb(image, maxPixels));
  }

  private interface Source {
    RgbImage image() throws IOException;
  }

  private Image sized(String name, Source source) {
    try {
      RgbImage image = source.image();
      byte[] pixels = channels == GREY ? image.grey() : image.pixels();
      return new Image(
          fit.resize(pixels, image.height(), image.width(), channels, height, width),
          image.height(),
          image.width());
    } catch (IOException e) {
      throw bad(name, e.getMessage() + ".");
    }
  }

  private byte[] read(Path file) {
    try (InputStream in = EndingFiles.open(file)) {
      return bytes(file, in);
    } catch (NoSuchFileException e) {
      throw bad(file, "does not exist; expected an image file.");
    } catch (IOException e) {
      throw bad(file, "cannot be read (%s); expected an image file.".formatted(IoErrors.of(e)));
    }
  }

  private byte[] bytes(Object name, InputStream in) throws IOException {
    int most = (int) Math.min(Integer.MAX_VALUE - 8, maxPixels * BYTES_PER_PIXEL + BESIDES);
    try {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw bad(
            name,
            "has more than %s bytes; expected at most %s pixels (data.maxPixels)."
                .formatted(most, maxPixels));
      }
      return bytes;
    } catch (OutOfMemoryError e) {
      throw bad(name, "is larger than the memory there is; expected a smaller file.");
    }
  }

  private static BadRecordException bad(Object file, String what) {
    return new BadRecordException(file, null, "Image " + ImagePack.name(file) + " " + what);
  }
}
