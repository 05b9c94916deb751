package org.descry.data.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * What decoders deliver to 8-bit RGB, sample for sample: no colour profile and no gamma is applied,
 * of 16 bits the upper 8 are kept, and transparency is dropped.
 */
final class Rasters {
  private static final int RGB = RgbImage.CHANNELS;

  private Rasters() {}

  static RgbImage rgb(BufferedImage image) throws BadImageException {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      return palette(image.getRaster(), palette);
    }
    if (!(model instanceof ComponentColorModel)) {
      return packed(image);
    }
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int space = model.getColorSpace().getType();
    if (space == ColorSpace.TYPE_GRAY && bands <= 2) {
      return spread(raster, 0, 0, 0);
    }
    if (space == ColorSpace.TYPE_RGB && bands >= RGB) {
      return spread(raster, 0, 1, 2);
    }
    if (space == ColorSpace.TYPE_CMYK && bands >= 4) {
      return inks(raster);
    }
    return packed(image);
  }

  /** As {@link #rgb(BufferedImage)}, of colours that may be multiplied by their opacity. */
  static RgbImage plain(BufferedImage image) throws BadImageException {
    return image.isAlphaPremultiplied() ? packed(image) : rgb(image);
  }

  /** As {@link #rgb(BufferedImage)}, but 8-bit colours with transparency on black. */
  static RgbImage rgbOnBlack(BufferedImage image) throws BadImageException {
    RgbImage colours = rgb(image);
    Raster raster = image.getRaster();
    if (image.getColorModel() instanceof ComponentColorModel model
        && model.hasAlpha()
        && !model.isAlphaPremultiplied()
        && model.getTransferType() == DataBuffer.TYPE_BYTE
        && raster.getNumBands() == 4) {
      byte[] pixels = colours.pixels();
      int[] opacity = new int[colours.width()];
      for (int y = 0, at = 0; y < colours.height(); y++) {
        samples(raster, y, 3, opacity);
        for (int x = 0; x < opacity.length; x++) {
          for (int c = 0; c < RGB; c++, at++) {
            pixels[at] = (byte) (((pixels[at] & 0xff) * opacity[x] + 127) / 255);
          }
        }
      }
    }
    return colours;
  }

  /** The components of a JPEG file, of 8 bits. */
  static RgbImage rgb(Raster raster, JpegFile.Colour colour) throws BadImageException {
    return switch (colour) {
      case GREY -> spread(raster, 0, 0, 0);
      case RGB -> spread(raster, 0, 1, 2);
      case YCC -> Ycc.toRgb(spread(raster, 0, 1, 2));
      case CMYK, YCCK -> {
        requireBands(raster, 4);
        RgbImage image = spread(raster, 0, 1, 2);
        yield printed(colour == JpegFile.Colour.YCCK ? Ycc.inverted(image) : image, raster);
      }
    };
  }

  private static void requireBands(Raster raster, int bands) throws BadImageException {
    if (raster.getNumBands() < bands) {
      throw new BadImageException(
          "has %s components; expected %s".formatted(raster.getNumBands(), bands));
    }
  }

  /** JPEG's inks are stored inverted: 255 is none. */
  private static RgbImage printed(RgbImage inks, Raster raster) {
    byte[] pixels = inks.pixels();
    int[] black = new int[inks.width()];
    for (int y = 0, at = 0; y < inks.height(); y++) {
      samples(raster, y, 3, black);
      for (int x = 0; x < black.length; x++) {
        for (int c = 0; c < RGB; c++, at++) {
          int light = 255 - (pixels[at] & 0xff);
          pixels[at] = (byte) (black[x] - (light * black[x] >> 8));
        }
      }
    }
    return inks;
  }

  /** TIFF's inks: 0 is none. */
  private static RgbImage inks(Raster raster) throws BadImageException {
    RgbImage image = spread(raster, 0, 1, 2);
    byte[] pixels = image.pixels();
    int[] black = new int[image.width()];
    for (int y = 0, at = 0; y < image.height(); y++) {
      samples(raster, y, 3, black);
      for (int x = 0; x < black.length; x++) {
        for (int c = 0; c < RGB; c++, at++) {
          pixels[at] = (byte) ((255 - black[x]) * (255 - (pixels[at] & 0xff)) / 255);
        }
      }
    }
    return image;
  }

  /** One band each for red, green and blue. */
  private static RgbImage spread(Raster raster, int red, int green, int blue)
      throws BadImageException {
    requireBands(raster, blue + 1);
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] pixels = new byte[height * width * RGB];
    int[] bands = {red, green, blue};
    int[] row = new int[width];
    for (int c = 0; c < RGB; c++) {
      for (int y = 0; y < height; y++) {
        samples(raster, y, bands[c], row);
        for (int x = 0, out = y * width * RGB + c; x < width; x++, out += RGB) {
          pixels[out] = (byte) row[x];
        }
      }
    }
    return new RgbImage(height, width, pixels);
  }

  /** A row of a band, brought to 8 bits. */
  private static void samples(Raster raster, int y, int band, int[] row) {
    if (raster.getSampleModel() instanceof ComponentSampleModel model
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1) {
      byte[] bytes = buffer.getData();
      int at =
          buffer.getOffset()
              + model.getOffset(
                  raster.getMinX() - raster.getSampleModelTranslateX(),
                  raster.getMinY() + y - raster.getSampleModelTranslateY(),
                  band);
      for (int x = 0; x < row.length; x++, at += model.getPixelStride()) {
        row[x] = bytes[at] & 0xff;
      }
      return;
    }
    raster.getSamples(raster.getMinX(), raster.getMinY() + y, row.length, 1, band, row);
    int bits = raster.getSampleModel().getSampleSize(band);
    if (raster.getTransferType() == DataBuffer.TYPE_BYTE && bits == 8) {
      return;
    }
    int largest = (1 << Math.min(bits, 16)) - 1;
    for (int x = 0; x < row.length; x++) {
      row[x] = bits > 8 ? row[x] >> (Math.min(bits, 16) - 8) : row[x] * 255 / largest;
    }
  }

  private static RgbImage palette(Raster raster, IndexColorModel palette) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    byte[] pixels = new byte[height * width * RGB];
    int[] row = new int[width];
    for (int y = 0, out = 0; y < height; y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        out = put(pixels, out, row[x] < colours.length ? colours[row[x]] : 0);
      }
    }
    return new RgbImage(height, width, pixels);
  }

  private static RgbImage packed(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] pixels = new byte[height * width * RGB];
    int[] row = new int[width];
    for (int y = 0, out = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int rgb : row) {
        out = put(pixels, out, rgb);
      }
    }
    return new RgbImage(height, width, pixels);
  }

  private static int put(byte[] pixels, int at, int rgb) {
    pixels[at] = (byte) (rgb >> 16);
    pixels[at + 1] = (byte) (rgb >> 8);
    pixels[at + 2] = (byte) rgb;
    return at + RGB;
  }
}
