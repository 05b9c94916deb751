package org.descry.data.decode;

/**
 * The Netpbm formats PBM, PGM and PPM, as text (P1 to P3) or binary (P4 to P6); of several images
 * in a file the first.
 *
 * @param kind 1 to 6
 * @param largest the value of full brightness
 * @param data where the samples begin
 */
record PnmFile(Bytes bytes, int kind, int height, int width, int largest, int data) {
  private static final int MOST = 65535;

  /**
   * @throws BadImageException if the header is damaged, or a binary file lacks pixels
   */
  static PnmFile parse(byte[] file) throws BadImageException {
    Bytes bytes = new Bytes(file, true);
    int kind = file[1] - '0';
    boolean bitmap = kind == 1 || kind == 4;
    Scanner header = new Scanner(bytes, 2);
    int width = header.next(Integer.MAX_VALUE);
    int height = header.next(Integer.MAX_VALUE);
    int largest = bitmap ? 1 : header.next(MOST);
    if (width < 1 || height < 1 || largest < 1) {
      throw new BadImageException("is damaged: its header names %s".formatted(0));
    }
    PnmFile pnm = new PnmFile(bytes, kind, height, width, largest, header.at + 1);
    if (kind >= 4 && pnm.rowBytes() * height > file.length - pnm.data) {
      throw BadImageException.cutOff("in its image data");
    }
    return pnm;
  }

  private int bands() {
    return kind % 3 == 0 ? RgbImage.CHANNELS : 1;
  }

  private long rowBytes() {
    return kind == 4 ? (width + 7L) / 8 : (long) width * bands() * (largest > 255 ? 2 : 1);
  }

  RgbImage decode() throws BadImageException {
    byte[] pixels = new byte[height * width * RgbImage.CHANNELS];
    Scanner text = new Scanner(bytes, data - 1);
    int bands = bands();
    for (int i = 0, out = 0; i < height * width; i++, out += RgbImage.CHANNELS) {
      for (int c = 0; c < bands; c++) {
        int value = kind < 4 ? text(text) : binary((long) i * bands + c);
        pixels[out + c] = (byte) value;
      }
      if (bands == 1) {
        pixels[out + 1] = pixels[out];
        pixels[out + 2] = pixels[out];
      }
    }
    return new RgbImage(height, width, pixels);
  }

  private int text(Scanner text) throws BadImageException {
    return kind == 1 ? 255 * (1 - text.bit()) : scaled(text.next(largest));
  }

  private int binary(long index) throws BadImageException {
    if (kind == 4) {
      long at = data + index / width * rowBytes() + index % width / 8;
      return (bytes.u8(at) >> (7 - index % width % 8) & 1) == 1 ? 0 : 255;
    }
    return largest > 255
        ? Math.min(255, bytes.u16(data + 2 * index) >> 8)
        : scaled(bytes.u8(data + index));
  }

  private int scaled(int value) {
    return largest > 255 ? value >> 8 : Math.min(255, value * 255 / largest);
  }

  /** Numbers in text, between blanks and comments. */
  private static final class Scanner {
    private final Bytes bytes;
    private int at;

    Scanner(Bytes bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }

    private int skip() throws BadImageException {
      boolean comment = false;
      while (true) {
        int c = bytes.u8(at);
        if (!comment && !Character.isWhitespace(c) && c != '#') {
          return c;
        }
        comment = c == '#' || comment && c != '\n' && c != '\r';
        at++;
      }
    }

    /** The next digit, which needs no blank behind it. */
    int bit() throws BadImageException {
      int digit = skip() - '0';
      at++;
      if (digit != 0 && digit != 1) {
        throw new BadImageException("is damaged: a bit is neither 0 nor 1");
      }
      return digit;
    }

    int next(int most) throws BadImageException {
      int c = skip();
      long value = 0;
      if (c < '0' || c > '9') {
        throw new BadImageException("is damaged: expected a number at byte %s".formatted(at));
      }
      while (at < bytes.length() && (c = bytes.u8(at)) >= '0' && c <= '9') {
        value = value * 10 + c - '0';
        if (value > most) {
          throw new BadImageException(
              "is damaged: the number at byte %s is above %s".formatted(at, most));
        }
        at++;
      }
      return (int) value;
    }
  }
}
