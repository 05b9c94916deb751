package org.descry.data.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A WebP file down to its image, or the first of an animation.
 *
 * @param orientation as in EXIF, 1 to 8
 * @param essential a file of the image's chunk alone: without profile, notes and transparency
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WebpFile(int height, int width, int orientation, byte[] essential) {
  private static final int HEADER = 12;
  private static final int FRAME_HEADER = 16; // before the chunks of an animation's frame
  private static final int SIDE = 0x3fff;

  /**
   * @throws BadImageException if the file is shorter than it says, or holds no image
   */
  static WebpFile parse(byte[] file) throws BadImageException {
    Bytes bytes = new Bytes(file, false);
    long end = 8 + bytes.u32(4);
    if (end > file.length) {
      throw BadImageException.cutOff("after %s of %s bytes".formatted(file.length, end));
    }
    int orientation = 1;
    int image = -1;
    for (long at = HEADER; at + 8 <= end; ) {
      long length = bytes.u32(at + 4);
      if (at + 8 + length > end) {
        throw BadImageException.cutOff("in a part of %s bytes".formatted(length));
      }
      if (image < 0 && isImage(bytes, at)) {
        image = (int) at;
      } else if (image < 0 && bytes.matches(at, "ANMF")) {
        image = inFrame(bytes, at + 8 + FRAME_HEADER, at + 8 + length);
      } else if (bytes.matches(at, "EXIF")) {
        int from = (int) at + (bytes.matches(at + 8, "Exif\0\0") ? 14 : 8);
        orientation = Exif.orientation(file, from, (int) (at + 8 + length));
      }
      at += 8 + length + (length & 1);
    }
    if (image < 0) {
      throw new BadImageException("is damaged: it holds no image");
    }
    return of(bytes, image, orientation);
  }

  private static boolean isImage(Bytes bytes, long at) {
    return bytes.matches(at, "VP8 ") || bytes.matches(at, "VP8L");
  }

  private static int inFrame(Bytes bytes, long from, long end) throws BadImageException {
    for (long at = from; at + 8 <= end; ) {
      long length = bytes.u32(at + 4);
      if (at + 8 + length > end) {
        break;
      }
      if (isImage(bytes, at)) {
        return (int) at;
      }
      at += 8 + length + (length & 1);
    }
    throw new BadImageException("is damaged: its first frame holds no image");
  }

  private static WebpFile of(Bytes bytes, int chunk, int orientation) throws BadImageException {
    int data = chunk + 8;
    int width;
    int height;
    if (bytes.matches(chunk, "VP8L")) {
      long sizes = bytes.u32(data + 1L);
      width = 1 + (int) (sizes & SIDE);
      height = 1 + (int) (sizes >> 14 & SIDE);
    } else {
      if (!bytes.matches(data + 3L, "\u009d\u0001\u002a")) {
        throw new BadImageException("is damaged: its image has no start");
      }
      width = bytes.u16(data + 6L) & SIDE;
      height = bytes.u16(data + 8L) & SIDE;
    }
    int length = (int) bytes.u32(chunk + 4L);
    int padded = length + (length & 1);
    ByteBuffer file = ByteBuffer.allocate(HEADER + 8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.ISO_8859_1)).putInt(4 + 8 + padded);
    file.put("WEBP".getBytes(StandardCharsets.ISO_8859_1)).put(bytes.all, chunk, 8 + length);
    return new WebpFile(height, width, orientation, file.array());
  }
}
