package org.descry.data.decode;

/** Checks a BMP file before it is decoded. */
final class BmpFile {
  private static final int INFO_HEADER = 40;
  private static final int RUN_LENGTHS = 2; // compressions 1 and 2
  private static final int BIT_FIELDS = 3;
  private static final int ALPHA_BIT_FIELDS = 6;

  private BmpFile() {}

  /**
   * @throws BadImageException if the file lacks pixels, or holds a file of another format
   */
  static void check(byte[] file) throws BadImageException {
    Bytes bytes = new Bytes(file, false);
    long data = bytes.u32(10);
    boolean old = bytes.u32(14) < INFO_HEADER;
    long width = old ? bytes.u16(18) : bytes.u32(18);
    long height = old ? bytes.u16(20) : Math.abs((long) (int) bytes.u32(22));
    int bits = bytes.u16(old ? 24 : 28);
    long compression = old ? 0 : bytes.u32(30);
    if (compression == 0 || compression == BIT_FIELDS || compression == ALPHA_BIT_FIELDS) {
      long row = (width * bits + 31) / 32 * 4;
      if (row > 0 && height > (file.length - data) / row) {
        throw BadImageException.cutOff("in its image data");
      }
    } else if (compression > RUN_LENGTHS) {
      throw new BadImageException(
          "is a BMP of compression %s; expected none or run lengths".formatted(compression));
    }
  }
}
