package org.descry.data;

import java.util.Arrays;
import java.util.function.IntFunction;

/** Rows of bytes, all of one length, which nobody changes: in this process's memory or a file's. */
public interface Rows {
  int size();

  /** Bytes of each. */
  int length();

  /** One of them, which may be a copy. */
  byte[] row(int index);

  /** Gives one thread one row after another, each of them until it asks for the next. */
  default IntFunction<byte[]> reader() {
    return this::row;
  }

  /** Some of them, in that order. */
  Rows select(int[] indices);

  /**
   * Rows in memory.
   *
   * @param rows kept, not copied
   * @throws IllegalArgumentException if one has another length
   */
  static Rows of(byte[][] rows, int length) {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != length) {
        throw new IllegalArgumentException(
            "expected %s bytes each, but row %s has %s".formatted(length, i, rows[i].length));
      }
    }
    return new Held(rows, length);
  }

  /** In memory. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Held(byte[][] rows, int length) implements Rows {
    @Override
    public int size() {
      return rows.length;
    }

    @Override
    public byte[] row(int index) {
      return rows[index];
    }

    @Override
    public Held select(int[] indices) {
      byte[][] selected = new byte[indices.length][];
      Arrays.setAll(selected, i -> rows[indices[i]]);
      return new Held(selected, length);
    }
  }
}
