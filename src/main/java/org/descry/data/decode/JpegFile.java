package org.descry.data.decode;

import java.io.ByteArrayOutputStream;

/**
 * What a JPEG file says of itself, read marker by marker up to its end (ITU-T T.81, annex B).
 *
 * @param colour what the three or four components are
 * @param orientation as in EXIF, 1 to 8
 * @param essential the file without notes, profiles and thumbnails, which decoders may stumble over
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record JpegFile(int height, int width, Colour colour, int orientation, byte[] essential) {
  /** The files of cameras and editors have about ten at most; each costs a pass over the image. */
  private static final int MAX_SCANS = 200;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int TEM = 0x01;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;
  private static final int COMMENT = 0xfe;

  /** How components become colours. */
  enum Colour {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  /**
   * @throws BadImageException if the file ends before its end marker, or has no frame
   */
  static JpegFile parse(byte[] file) throws BadImageException {
    return new Walk(file).read();
  }

  /** A pass over the markers. */
  private static final class Walk {
    private final Bytes bytes;
    private final ByteArrayOutputStream essential;
    private int height;
    private int width;
    private int[] components;
    private boolean jfif;
    private int adobe = -1;
    private int orientation;
    private int scans;

    Walk(byte[] file) {
      bytes = new Bytes(file, true);
      essential = new ByteArrayOutputStream(file.length);
      essential.write(file, 0, 2);
    }

    JpegFile read() throws BadImageException {
      int at = 2;
      while (true) {
        int marked = nextMarker(at);
        int marker = bytes.u8(marked);
        at = marked + 1;
        if (marker == EOI) {
          essential.write(bytes.all, marked - 1, 2);
          break;
        }
        if (marker == SOI || marker == TEM || isRestart(marker)) {
          continue;
        }
        int length = bytes.u16(at);
        if (length < 2) {
          throw new BadImageException("is damaged: a segment of %s bytes".formatted(length));
        }
        bytes.u8((long) at + length - 1); // whole, or refused
        segment(marker, at + 2, length - 2);
        at += length;
        if (marker == SOS) {
          at = skipScan(at);
        }
        if (marker < APP0 || marker > APP15 && marker != COMMENT) {
          essential.write(bytes.all, marked - 1, at - marked + 1);
        }
      }
      if (components == null || scans == 0) {
        throw new BadImageException("is damaged: it ends before its image begins");
      }
      return new JpegFile(height, width, colour(), orientation, essential.toByteArray());
    }

    private static boolean isRestart(int marker) {
      return marker >= 0xd0 && marker <= 0xd7;
    }

    /** The place of the next marker's second byte; bytes between segments are no one's. */
    private int nextMarker(int from) throws BadImageException {
      boolean begun = false; // the byte before was 0xff
      for (int at = from; ; at++) {
        int value = bytes.u8(at);
        if (begun && value != 0 && value != 0xff) {
          return at;
        }
        begun = value == 0xff;
      }
    }

    /** The place of the first marker after a scan that ends it. */
    private int skipScan(int from) throws BadImageException {
      if (++scans > MAX_SCANS) {
        throw new BadImageException(
            "has more than %s scans; expected a JPEG of fewer".formatted(MAX_SCANS));
      }
      byte[] file = bytes.all;
      int at = from;
      while (at + 1 < file.length) {
        if (file[at] == (byte) 0xff) {
          int next = file[at + 1] & 0xff;
          if (next == 0xff) {
            at++; // a fill byte
            continue;
          }
          if (next != 0 && !isRestart(next)) {
            return at;
          }
          at++;
        }
        at++;
      }
      throw BadImageException.cutOff("in its image data");
    }

    private void segment(int marker, int at, int length) throws BadImageException {
      if (marker == APP0 && bytes.matches(at, "JFIF\0")) {
        jfif = true;
      } else if (marker == APP1 && orientation == 0 && bytes.matches(at, "Exif\0\0")) {
        orientation = Exif.orientation(bytes.all, at + 6, at + length);
      } else if (marker == APP14 && length >= 12 && bytes.matches(at, "Adobe")) {
        adobe = bytes.u8(at + 11L);
      } else if (isFrame(marker)) {
        frame(at, length);
      }
    }

    private static boolean isFrame(int marker) {
      return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private void frame(int at, int length) throws BadImageException {
      if (components != null) {
        throw new BadImageException("is damaged: it has two frames");
      }
      int count = length < 6 ? 0 : bytes.u8(at + 5L);
      if (length < 6 + 3 * count || (count != 1 && count != 3 && count != 4)) {
        throw new BadImageException("has %s components; expected 1, 3 or 4".formatted(count));
      }
      height = bytes.u16(at + 1L);
      width = bytes.u16(at + 3L);
      components = new int[count];
      for (int i = 0; i < count; i++) {
        components[i] = bytes.u8(at + 6L + 3L * i);
      }
    }

    /** As libjpeg decides it, whose rule all others follow. */
    private Colour colour() {
      if (components.length == 1) {
        return Colour.GREY;
      }
      if (components.length == 4) {
        return adobe <= 0 ? Colour.CMYK : Colour.YCCK;
      }
      if (jfif) {
        return Colour.YCC;
      }
      if (adobe >= 0) {
        return adobe == 0 ? Colour.RGB : Colour.YCC;
      }
      boolean named = components[0] == 'R' && components[1] == 'G' && components[2] == 'B';
      return named ? Colour.RGB : Colour.YCC;
    }
  }
}
