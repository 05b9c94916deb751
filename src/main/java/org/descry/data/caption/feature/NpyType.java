package org.descry.data.caption.feature;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import org.bytedeco.javacpp.indexer.HalfIndexer;

/** What an element of a numpy array is, by numpy's name of it. */
enum NpyType {
  F2(Short.BYTES),
  F4(Float.BYTES),
  F8(Double.BYTES),
  I1(Byte.BYTES),
  I2(Short.BYTES),
  I4(Integer.BYTES),
  I8(Long.BYTES),
  U1(Byte.BYTES),
  U2(Short.BYTES),
  U4(Integer.BYTES),
  U8(Long.BYTES),
  B1(Byte.BYTES);

  private static final double TWO_TO_64 = 0x1p64;

  private final int bytes;

  NpyType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an element. */
  int bytes() {
    return bytes;
  }

  /** The type of a description such as {@code <f4}, null if it is none of these. */
  static NpyType of(String description) {
    for (NpyType type : values()) {
      String name = type.name().toLowerCase(Locale.ROOT);
      boolean marked =
          description.length() == name.length() + 1 && "<>=|".indexOf(description.charAt(0)) >= 0;
      if (description.equals(name) || marked && description.endsWith(name)) {
        return type;
      }
    }
    return null;
  }

  /** The order of the bytes of a description; numpy's own machines are little-endian. */
  static ByteOrder order(String description) {
    return description.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** The next element, rounded to a float. */
  float read(ByteBuffer in) {
    return switch (this) {
      case F2 -> HalfIndexer.toFloat(in.getShort() & 0xffff);
      case F4 -> in.getFloat();
      case F8 -> (float) in.getDouble();
      case I1 -> in.get();
      case I2 -> in.getShort();
      case I4 -> in.getInt();
      case I8 -> in.getLong();
      case U1 -> in.get() & 0xff;
      case U2 -> in.getShort() & 0xffff;
      case U4 -> in.getInt() & 0xffffffffL;
      case U8 -> unsigned(in.getLong());
      case B1 -> in.get() == 0 ? 0 : 1;
    };
  }

  private static float unsigned(long value) {
    return (float) (value >= 0 ? value : value + TWO_TO_64);
  }
}
