package org.descry.data.decode;

import java.util.Arrays;

/** The one thing that is read of a camera's notes: which way up the image is. */
final class Exif {
  private static final int ORIENTATION = 0x112;
  private static final int UPRIGHT = 1;

  private Exif() {}

  /**
   * The orientation, 1 to 8, by the TIFF structure from {@code start} to {@code end}; 1 where it
   * says nothing that makes sense.
   */
  static int orientation(byte[] file, int start, int end) {
    byte[] notes = Arrays.copyOfRange(file, start, Math.max(start, end));
    try {
      Bytes bytes = new Bytes(notes, notes.length > 0 && notes[0] == 'M');
      if (!bytes.matches(0, "II*\0") && !bytes.matches(0, "MM\0*")) {
        return UPRIGHT;
      }
      long directory = bytes.u32(4);
      int entries = bytes.u16(directory);
      for (int i = 0; i < entries; i++) {
        long entry = directory + 2 + 12L * i;
        if (bytes.u16(entry) == ORIENTATION) {
          int value = bytes.u16(entry + 8);
          return value >= 1 && value <= 8 ? value : UPRIGHT;
        }
      }
    } catch (BadImageException e) {
      return UPRIGHT; // damaged notes do not spoil the image
    }
    return UPRIGHT;
  }
}
