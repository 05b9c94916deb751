package org.descry.data;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.Checksum;

/** Rows of a file, whose pages all processes that map it have in common. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MappedRows(MappedByteBuffer[] buffers, int inEach, int size, int length)
    implements Rows {
  /**
   * Maps rows that lie one behind another.
   *
   * @param from where the first begins
   * @param most bytes of a buffer, if a row has no more
   */
  public static MappedRows of(FileChannel file, long from, int count, int length, int most)
      throws IOException {
    int inEach = Math.max(1, most / length);
    MappedByteBuffer[] buffers = new MappedByteBuffer[(int) ((count + (long) inEach - 1) / inEach)];
    for (int i = 0; i < buffers.length; i++) {
      long first = (long) i * inEach;
      long bytes = Math.min(inEach, count - first) * length;
      buffers[i] = file.map(FileChannel.MapMode.READ_ONLY, from + first * length, bytes);
    }
    return new MappedRows(buffers, inEach, count, length);
  }

  /** Adds all of the file's rows. */
  void addTo(Checksum sum) {
    for (MappedByteBuffer buffer : buffers) {
      sum.update(buffer.duplicate());
    }
  }

  @Override
  public byte[] row(int index) {
    byte[] row = new byte[length];
    buffers[index / inEach].get(index % inEach * length, row);
    return row;
  }
}
