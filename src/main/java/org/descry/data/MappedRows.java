package org.descry.data;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.Checksum;

/** Rows of a file, whose pages all processes have in common. */
final class MappedRows implements Rows {
  private final MappedByteBuffer[] buffers;
  private final int inEach;
  private final int length;
  private final int[] places;

  private MappedRows(MappedByteBuffer[] buffers, int inEach, int length, int[] places) {
    this.buffers = buffers;
    this.inEach = inEach;
    this.length = length;
    this.places = places;
  }

  /**
   * Maps rows that lie one behind another.
   *
   * @param from where the first begins
   * @param most bytes of a buffer
   */
  static MappedRows of(FileChannel file, long from, int count, int length, int most)
      throws IOException {
    int inEach = most / length;
    MappedByteBuffer[] buffers = new MappedByteBuffer[(int) ((count + (long) inEach - 1) / inEach)];
    for (int i = 0; i < buffers.length; i++) {
      long first = (long) i * inEach;
      buffers[i] =
          file.map(
              FileChannel.MapMode.READ_ONLY,
              from + first * length,
              Math.min(inEach, count - first) * length);
    }
    return new MappedRows(buffers, inEach, length, IntStream.range(0, count).toArray());
  }

  /** Adds all of the file's rows. */
  void addTo(Checksum sum) {
    for (MappedByteBuffer buffer : buffers) {
      sum.update(buffer.duplicate());
    }
  }

  @Override
  public int size() {
    return places.length;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public byte[] row(int index) {
    return copy(index, new byte[length]);
  }

  @Override
  public IntFunction<byte[]> reader() {
    byte[] row = new byte[length];
    return index -> copy(index, row);
  }

  private byte[] copy(int index, byte[] row) {
    int place = places[index];
    buffers[place / inEach].get(place % inEach * length, row);
    return row;
  }

  @Override
  public MappedRows select(int[] indices) {
    int[] selected = Arrays.stream(indices).map(i -> places[i]).toArray();
    return new MappedRows(buffers, inEach, length, selected);
  }
}
