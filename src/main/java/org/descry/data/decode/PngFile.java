package org.descry.data.decode;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * A PNG file down to what its pixels need: texts, colour profiles and later frames, which may
 * unpack to any size, never reach the decoder.
 *
 * @param orientation as in EXIF, 1 to 8
 * @param essential the file without all other chunks
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PngFile(int height, int width, int orientation, byte[] essential) {
  static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";
  private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "IDAT", "IEND");
  private static final int AROUND = 12; // a chunk's length, name and checksum

  /**
   * @throws BadImageException if the file ends before its last chunk or a checksum is wrong
   */
  static PngFile parse(byte[] file) throws BadImageException {
    Bytes bytes = new Bytes(file, true);
    ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
    kept.write(file, 0, SIGNATURE.length());
    if (!bytes.matches(SIGNATURE.length() + 4L, "IHDR")) {
      throw new BadImageException("is damaged: it does not begin with its header");
    }
    int orientation = 1;
    boolean ended = false;
    for (long at = SIGNATURE.length(); !ended; ) {
      long length = bytes.u32(at);
      String name = bytes.latin1(at + 4, 4);
      bytes.u8(at + length + AROUND - 1); // whole, or refused
      int from = (int) at;
      if (KEPT.contains(name)) {
        requireChecksum(bytes, from, (int) length, name);
        kept.write(file, from, (int) length + AROUND);
      } else if (name.equals("eXIf")) {
        orientation = Exif.orientation(file, from + 8, from + 8 + (int) length);
      } else if (Character.isUpperCase(name.charAt(0))) {
        throw new BadImageException("has a part of an unknown kind that it cannot do without");
      }
      ended = name.equals("IEND");
      at += length + AROUND;
    }
    long width = bytes.u32(16);
    long height = bytes.u32(20);
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw new BadImageException("is damaged: its size is %s x %s".formatted(height, width));
    }
    return new PngFile((int) height, (int) width, orientation, kept.toByteArray());
  }

  private static void requireChecksum(Bytes bytes, int at, int length, String name)
      throws BadImageException {
    CRC32 crc = new CRC32();
    crc.update(bytes.all, at + 4, length + 4);
    if (crc.getValue() != bytes.u32(at + 8L + length)) {
      throw new BadImageException("is damaged: the checksum of its %s is wrong".formatted(name));
    }
  }
}
