package org.descry.data.decode;

import java.util.Arrays;

/** The formats that are read, by how a file begins. */
enum ImageFormat {
  JPEG("\u00ff\u00d8\u00ff"),
  PNG(PngFile.SIGNATURE),
  GIF("GIF87a", "GIF89a"),
  BMP("BM"),
  TIFF("II*\0", "MM\0*", "II+\0", "MM\0+"),
  WEBP("RIFF"),
  PNM("P1", "P2", "P3", "P4", "P5", "P6");

  /** How people know them. */
  static final String NAMES = "JPEG, PNG, WebP, GIF, BMP, TIFF or PNM";

  private final String[] beginnings;

  ImageFormat(String... beginnings) {
    this.beginnings = beginnings;
  }

  /** The format of what begins so, or null. */
  static ImageFormat of(byte[] file) {
    Bytes bytes = new Bytes(file, true);
    return Arrays.stream(values())
        .filter(format -> Arrays.stream(format.beginnings).anyMatch(b -> bytes.matches(0, b)))
        .filter(format -> format != WEBP || bytes.matches(8, "WEBP"))
        .filter(format -> format != PNM || file.length > 2 && Character.isWhitespace(file[2]))
        .findFirst()
        .orElse(null);
  }
}
