package org.descry.cluster;

import java.nio.ByteBuffer;
import org.descry.engine.Bfloat16;
import org.nd4j.linalg.api.buffer.DataType;

/** How numbers travel, and how they are added: in the precision of the array, rank after rank. */
enum Wire {
  FLOAT32(Float.BYTES) {
    @Override
    void add(ByteBuffer[] parts, int bytes, ByteBuffer to) {
      for (int at = 0; at < bytes; at += Float.BYTES) {
        float sum = parts[0].getFloat(at);
        for (int rank = 1; rank < parts.length; rank++) {
          sum += parts[rank].getFloat(at);
        }
        to.putFloat(at, sum);
      }
    }
  },
  FLOAT64(Double.BYTES) {
    @Override
    void add(ByteBuffer[] parts, int bytes, ByteBuffer to) {
      for (int at = 0; at < bytes; at += Double.BYTES) {
        double sum = parts[0].getDouble(at);
        for (int rank = 1; rank < parts.length; rank++) {
          sum += parts[rank].getDouble(at);
        }
        to.putDouble(at, sum);
      }
    }
  },
  /** Of FLOAT numbers, whose sums are rounded, too. */
  BFLOAT16(Short.BYTES) {
    @Override
    void add(ByteBuffer[] parts, int bytes, ByteBuffer to) {
      for (int at = 0; at < bytes; at += Short.BYTES) {
        float sum = Bfloat16.number(parts[0].getShort(at));
        for (int rank = 1; rank < parts.length; rank++) {
          sum += Bfloat16.number(parts[rank].getShort(at));
        }
        to.putShort(at, Bfloat16.of(sum));
      }
    }

    @Override
    void pack(ByteBuffer from, ByteBuffer to, int length) {
      for (int i = 0; i < length; i++) {
        to.putShort(i * Short.BYTES, Bfloat16.of(from.getFloat(i * Float.BYTES)));
      }
    }

    @Override
    void unpack(ByteBuffer from, ByteBuffer to, int length) {
      for (int i = 0; i < length; i++) {
        to.putFloat(i * Float.BYTES, Bfloat16.number(from.getShort(i * Short.BYTES)));
      }
    }
  };

  private final int width;

  Wire(int width) {
    this.width = width;
  }

  /** For numbers that travel as they are. */
  static Wire of(DataType type) {
    return switch (type) {
      case FLOAT -> FLOAT32;
      case DOUBLE -> FLOAT64;
      default ->
          throw new IllegalArgumentException(
              "expected numbers of FLOAT or DOUBLE to add up, got " + type);
    };
  }

  /** Bytes of a number on its way. */
  int width() {
    return width;
  }

  /**
   * Adds up.
   *
   * @param parts by rank
   * @param to where the sums go; may be one of the parts
   */
  abstract void add(ByteBuffer[] parts, int bytes, ByteBuffer to);

  /** Makes an array's memory ready to travel. */
  void pack(ByteBuffer from, ByteBuffer to, int length) {
    to.put(0, from, 0, length * width);
  }

  /** The way back. */
  void unpack(ByteBuffer from, ByteBuffer to, int length) {
    to.put(0, from, 0, length * width);
  }
}
