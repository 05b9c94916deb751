package org.descry.data.caption.feature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * Reads arrays of numpy's NPY format as floats: float16, float32, float64 and whole numbers, either
 * order of bytes, C or Fortran order.
 *
 * <p>Not ND4J's reader: that of M2.1 refuses version 2 and compressed archives, reads past the end
 * of a file that is cut off, and ends the JVM on big-endian values.
 */
final class NpyReader {
  private static final int CHUNK_BYTES = 1 << 16;

  private NpyReader() {}

  /**
   * Reads the array at the front of {@code in}.
   *
   * @param length of {@code in}, in bytes
   * @param name what {@code in} is, for messages
   * @param check throws if the array is not what is wanted, before memory is taken for it
   * @return rows of floats; a vector is one row
   * @throws DescryException if it is no array, of another type, of more than 2 dimensions, or
   *     longer than {@code length}
   */
  static float[][] read(InputStream in, long length, String name, Consumer<NpyHeader> check)
      throws IOException {
    NpyHeader header = NpyHeader.read(in, name);
    check.accept(header);
    if (header.totalBytes() > length) {
      throw new DataException(
          "%s: the numpy array is cut off: expected %s bytes for shape %s, got: %s"
              .formatted(name, header.totalBytes(), header.shape(), length));
    }
    if (header.rows() > Integer.MAX_VALUE - 8 || header.columns() > Integer.MAX_VALUE - 8) {
      throw new DataException(name + ": an array of shape " + header.shape() + " is too large");
    }
    float[][] values = new float[(int) header.rows()][(int) header.columns()];
    Elements elements = new Elements(in, header);
    int outer = header.fortran() ? values[0].length : values.length;
    int inner = header.fortran() ? values.length : values[0].length;
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < inner; j++) {
        float value = elements.next();
        if (header.fortran()) {
          values[j][i] = value;
        } else {
          values[i][j] = value;
        }
      }
    }
    return values;
  }

  /** The elements of an array as they lie in the file. */
  private static final class Elements {
    private final InputStream in;
    private final NpyHeader header;
    private final ByteBuffer chunk;
    private long left;

    Elements(InputStream in, NpyHeader header) {
      this.in = in;
      this.header = header;
      this.left = header.totalBytes() - header.bytes();
      chunk = ByteBuffer.allocate(CHUNK_BYTES).order(header.order()).limit(0);
    }

    float next() throws IOException {
      if (!chunk.hasRemaining()) {
        int wanted = (int) Math.min(left, CHUNK_BYTES);
        if (in.readNBytes(chunk.array(), 0, wanted) < wanted) {
          throw new DataException(header.name() + ": the numpy array is cut off");
        }
        chunk.position(0).limit(wanted);
        left -= wanted;
      }
      return header.type().read(chunk);
    }
  }
}
