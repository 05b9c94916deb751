package org.descry.data.caption;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * Reads one array of numpy's <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NPY format</a>,
 * versions 1 to 3, float32 or float64, little or big endian, as floats in C order.
 *
 * <p>Not ND4J's reader: that of M2.1 refuses version 2 and compressed archives, reads past the end
 * of a file that is cut off, and ends the JVM on big-endian values.
 */
final class NpyReader {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCRIPTION = Pattern.compile("'descr': *'([<>=|]?)(\\w+)'");
  private static final Pattern SHAPE = Pattern.compile("'shape': *\\(([0-9, ]*)\\)");
  private static final int MAX_HEADER_BYTES = 1 << 16;

  private NpyReader() {}

  /**
   * An array.
   *
   * @param shape its dimensions, 1 or 2 of them
   * @param values in C order
   */
  record Array(int[] shape, float[] values) {}

  /**
   * Reads one array from the front of {@code in}.
   *
   * @param name what {@code in} is, for messages
   * @throws DescryException if it is none, of another type, of more than 2 dimensions, or cut off
   */
  static Array read(InputStream in, String name) throws IOException {
    DataInputStream data = new DataInputStream(in);
    try {
      String header = header(data, name);
      Matcher description = DESCRIPTION.matcher(header);
      Matcher shape = SHAPE.matcher(header);
      if (!description.find() || !shape.find()) {
        throw new DataException(name + ": no header of a numpy array");
      }
      if (header.contains("'fortran_order': True")) {
        throw new DataException(name + ": expected an array in C order, got Fortran order");
      }
      int[] sizes = sizes(shape.group(1), name);
      ByteOrder order =
          description.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return new Array(sizes, values(data, sizes, description.group(2), order, name));
    } catch (EOFException e) {
      throw new DataException(name + ": the numpy array is cut off", e);
    }
  }

  private static String header(DataInputStream data, String name) throws IOException {
    if (!Arrays.equals(data.readNBytes(MAGIC.length), MAGIC)) {
      throw new DataException(name + ": not a numpy array (.npy)");
    }
    int version = data.readUnsignedByte();
    data.readUnsignedByte();
    int length =
        version == 1
            ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
            : Integer.reverseBytes(data.readInt());
    if (version < 1 || version > 3 || length < 0 || length > MAX_HEADER_BYTES) {
      throw new DataException(name + ": not a numpy array of version 1 to 3");
    }
    byte[] header = new byte[length];
    data.readFully(header);
    return new String(header, StandardCharsets.UTF_8);
  }

  private static int[] sizes(String text, String name) {
    int[] sizes;
    try {
      sizes =
          Arrays.stream(text.split(","))
              .map(String::strip)
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
    } catch (NumberFormatException e) {
      throw new DataException(name + ": the shape (" + text + ") is too large", e);
    }
    if (sizes.length < 1 || sizes.length > 2) {
      throw new DataException(
          name + ": expected an array of 1 or 2 dimensions, got shape (" + text + ")");
    }
    return sizes;
  }

  private static float[] values(
      DataInputStream data, int[] sizes, String type, ByteOrder order, String name)
      throws IOException {
    int bytesEach =
        switch (type) {
          case "f4" -> Float.BYTES;
          case "f8" -> Double.BYTES;
          default ->
              throw new DataException(
                  name + ": expected float32 or float64, got numpy type " + type);
        };
    long count = Arrays.stream(sizes).asLongStream().reduce(1, (a, b) -> a * b);
    if (count > (Integer.MAX_VALUE - 8) / bytesEach) {
      throw new DataException(name + ": an array of " + count + " values is too large");
    }
    // readNBytes grows with what is there: a header that lies costs no memory.
    byte[] bytes = data.readNBytes((int) count * bytesEach);
    if (bytes.length < count * bytesEach) {
      throw new EOFException();
    }
    float[] values = new float[(int) count];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
    if (bytesEach == Float.BYTES) {
      buffer.asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) buffer.getDouble(i * Double.BYTES);
      }
    }
    return values;
  }
}
