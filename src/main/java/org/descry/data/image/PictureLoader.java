package org.descry.data.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_GRAYSCALE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.datavec.image.loader.NativeImageLoader;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * DataVec's image loader, handing out bytes: 8 bits a channel, RGB order, channels-last.
 *
 * <p>Transparency is dropped, palettes and 16-bit files become 8-bit colour, grey becomes colour
 * (or the reverse for one channel), and a camera's orientation mark is obeyed. Shrinking averages
 * over areas, since picking points would alias. What OpenCV cannot decode (GIF) goes through
 * ImageIO. Safe for several threads.
 */
public final class PictureLoader extends NativeImageLoader {
  private static final long serialVersionUID = 1L;

  /** A decoded picture: pixels of the asked size, and the size of the file's own. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Picture(byte[] pixels, int originalHeight, int originalWidth) {}

  public PictureLoader(int height, int width, int channels) {
    super(height, width, channels);
  }

  public int height() {
    return (int) height;
  }

  public int width() {
    return (int) width;
  }

  public int channels() {
    return (int) channels;
  }

  /**
   * @throws DescryException if the file is missing, unreadable or no picture
   */
  public Picture load(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new DataException("Image " + file + " does not exist; expected a picture file.", e);
    } catch (IOException e) {
      throw new DataException(
          "Image %s cannot be read (%s); expected a picture file.".formatted(file, e), e);
    }
    try (Mat decoded = decode(bytes, file);
        Mat scaled = scalingIfNeed(decoded)) {
      byte[] pixels = new byte[(int) (height * width * channels)];
      scaled.data().get(pixels);
      if (channels == 3) {
        swapRedAndBlue(pixels);
      }
      return new Picture(pixels, decoded.rows(), decoded.cols());
    }
  }

  private Mat decode(byte[] bytes, Path file) {
    if (bytes.length > 0) {
      try (Mat encoded = new Mat(bytes)) {
        Mat image = imdecode(encoded, channels == 1 ? IMREAD_GRAYSCALE : IMREAD_COLOR);
        if (image != null && !image.empty()) {
          return image;
        }
        BufferedImage other = ImageIO.read(new ByteArrayInputStream(bytes));
        if (other != null) {
          return toMat(other);
        }
      } catch (IOException | RuntimeException e) {
        throw new DataException("Image " + file + " cannot be decoded: " + e.getMessage(), e);
      }
    }
    throw new DataException(
        "File %s (%d bytes) is no image that can be read, expected JPEG, PNG, BMP, TIFF, GIF or the like."
            .formatted(file, bytes.length));
  }

  private Mat toMat(BufferedImage image) {
    byte[] values = new byte[image.getHeight() * image.getWidth() * (int) channels];
    for (int y = 0, out = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int rgb = image.getRGB(x, y);
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        if (channels == 1) {
          values[out++] = (byte) Math.round(0.299 * red + 0.587 * green + 0.114 * blue); // BT.601
        } else {
          values[out++] = (byte) blue;
          values[out++] = (byte) green;
          values[out++] = (byte) red;
        }
      }
    }
    Mat mat = new Mat(image.getHeight(), image.getWidth(), opencv_core.CV_8UC((int) channels));
    mat.data().put(values);
    return mat;
  }

  @Override
  protected Mat scalingIfNeed(Mat image, long toHeight, long toWidth) {
    if (image.rows() == toHeight && image.cols() == toWidth) {
      return image;
    }
    boolean shrinks = image.rows() >= toHeight && image.cols() >= toWidth;
    Mat scaled = new Mat();
    try (Size size = new Size((int) toWidth, (int) toHeight)) {
      resize(image, scaled, size, 0, 0, shrinks ? INTER_AREA : INTER_LINEAR);
    }
    return scaled;
  }

  private static void swapRedAndBlue(byte[] pixels) {
    for (int i = 0; i < pixels.length; i += 3) {
      byte blue = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = blue;
    }
  }
}
