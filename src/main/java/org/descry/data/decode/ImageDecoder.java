package org.descry.data.decode;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.BigTIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.descry.io.Unpacking;

/**
 * Decodes image files without trusting them: the format is told by the first bytes, the size is
 * read from the header and checked before anything is decoded, a file that is cut off is refused,
 * and whatever has nothing to do with the pixels of the first image is kept from the decoder.
 */
public final class ImageDecoder {
  /** The default of the most pixels: 64 megapixels. */
  public static final int MAX_PIXELS = 64_000_000;

  /** The most that the limit can be set to. */
  public static final int LARGEST_LIMIT = 1_000_000_000;

  private static final int MAX_SIDE = 1 << 20;

  /** By format: to look for them takes a quarter of the time that a small image takes. */
  private static final Map<String, ImageReaderSpi> OF_JDK = new ConcurrentHashMap<>();

  private ImageDecoder() {}

  /** Whether a file that begins so claims to be of a format that is read. */
  public static boolean isImage(byte[] start) {
    return ImageFormat.of(start) != null;
  }

  /** Decoders meet damage with exceptions of every kind; those of their own code say nothing. */
  static IOException undecodable(ImageFormat format, Throwable failure) {
    return failure instanceof IOException && failure.getMessage() != null
        ? new IOException(
            "cannot be decoded as %s: %s; expected a whole file"
                .formatted(format, failure.getMessage()),
            failure)
        : new IOException("is damaged; expected a whole " + format, failure);
  }

  /**
   * @param maxPixels the most pixels (height times width) that an image may have
   * @throws IOException if the file is no whole image of a known format, or too large; the message
   *     continues a sentence that begins with the file's name
   */
  public static RgbImage decode(byte[] file, long maxPixels) throws IOException {
    ImageFormat format = ImageFormat.of(file);
    if (format == null) {
      throw new BadImageException(
          "(%s bytes) is no image that can be read; expected %s"
              .formatted(file.length, ImageFormat.NAMES));
    }
    try {
      return decode(format, file, maxPixels);
    } catch (BadImageException e) {
      throw e;
    } catch (EOFException e) {
      throw new BadImageException("is cut off or damaged; expected a whole " + format);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw undecodable(format, e);
    } catch (LinkageError e) {
      Unpacking.requireDisk(e, Unpacking::temporary);
      throw new IOException(
          "cannot be decoded: the library for %s cannot be loaded (%s); expected one for this platform and a writable temporary folder"
              .formatted(format, e),
          e);
    } catch (OutOfMemoryError e) {
      throw new IOException(
          "needs more memory than there is to be decoded; expected a smaller image, or a larger"
              + " heap (java -Xmx)",
          e);
    }
  }

  /**
   * The colours of pixels that a program holds.
   *
   * @throws IOException if there are more of them; the message continues a sentence
   */
  public static RgbImage rgb(BufferedImage image, long maxPixels) throws IOException {
    requireSize(image.getHeight(), image.getWidth(), maxPixels);
    return Rasters.plain(image);
  }

  private static RgbImage decode(ImageFormat format, byte[] file, long maxPixels)
      throws IOException {
    switch (format) {
      case JPEG -> {
        JpegFile jpeg = JpegFile.parse(file);
        requireSize(jpeg.height(), jpeg.width(), maxPixels);
        return jpeg(jpeg).upright(jpeg.orientation());
      }
      case PNG -> {
        PngFile png = PngFile.parse(file);
        requireSize(png.height(), png.width(), maxPixels);
        return read(ofJdk("png"), png.essential(), maxPixels).upright(png.orientation());
      }
      case WEBP -> {
        WebpFile webp = WebpFile.parse(file);
        requireSize(webp.height(), webp.width(), maxPixels);
        ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
        return read(reader, webp.essential(), maxPixels).upright(webp.orientation());
      }
      case TIFF -> {
        TiffFile tiff = TiffFile.parse(file, maxPixels);
        requireSize(tiff.height(), tiff.width(), maxPixels);
        ImageReader reader =
            file[2] == 43 || file[3] == 43
                ? new BigTIFFImageReaderSpi().createReaderInstance(null)
                : new TIFFImageReaderSpi().createReaderInstance(null);
        return read(reader, tiff.essential(), maxPixels, Rasters::rgbOnBlack)
            .upright(tiff.orientation());
      }
      case BMP -> {
        BmpFile.check(file);
        return read(ofJdk("bmp"), file, maxPixels);
      }
      case PNM -> {
        PnmFile pnm = PnmFile.parse(file);
        requireSize(pnm.height(), pnm.width(), maxPixels);
        return pnm.decode();
      }
      case GIF -> {
        return read(ofJdk("gif"), file, maxPixels);
      }
    }
    throw new IllegalStateException("no decoder of " + format);
  }

  private static ImageReader ofJdk(String format) throws IOException {
    return OF_JDK.computeIfAbsent(format, ImageDecoder::providerOfJdk).createReaderInstance();
  }

  /** The JDK's own, whatever else the program that we are part of has registered. */
  private static ImageReaderSpi providerOfJdk(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
        return reader.getOriginatingProvider();
      }
    }
    throw new IllegalStateException("this JDK has no reader of " + format);
  }

  private static RgbImage jpeg(JpegFile jpeg) throws IOException {
    ImageReader reader = ofJdk("jpeg");
    String[] warned = new String[1];
    reader.addIIOReadWarningListener(
        (source, warning) -> {
          if (warning != null && warning.toLowerCase(Locale.ROOT).contains("premature end")) {
            warned[0] = warning;
          }
        });
    try (ImageInputStream in = new ByteArrayImageInputStream(jpeg.essential())) {
      reader.setInput(in, true, true);
      RgbImage image = Rasters.rgb(reader.readRaster(0, null), jpeg.colour());
      if (warned[0] != null) {
        throw new BadImageException("is damaged (%s); expected a whole JPEG".formatted(warned[0]));
      }
      return image;
    } finally {
      reader.dispose();
    }
  }

  /** How what a decoder delivers becomes bytes. */
  private interface Conversion {
    RgbImage rgb(BufferedImage image) throws IOException;
  }

  private static RgbImage read(ImageReader reader, byte[] file, long maxPixels) throws IOException {
    return read(reader, file, maxPixels, Rasters::rgb);
  }

  private static RgbImage read(
      ImageReader reader, byte[] file, long maxPixels, Conversion conversion) throws IOException {
    try (ImageInputStream in = new ByteArrayImageInputStream(file)) {
      reader.setInput(in, true, true);
      requireSize(reader.getHeight(0), reader.getWidth(0), maxPixels);
      return conversion.rgb(reader.read(0));
    } finally {
      reader.dispose();
    }
  }

  private static void requireSize(int height, int width, long maxPixels) throws BadImageException {
    if (height < 1 || width < 1) {
      throw new BadImageException("is damaged: its size is %s x %s".formatted(height, width));
    }
    if ((long) height * width > maxPixels || Math.max(height, width) > MAX_SIDE) {
      throw new BadImageException(
          "has %s x %s pixels; expected at most %s (data.maxPixels)"
              .formatted(height, width, maxPixels));
    }
  }
}
