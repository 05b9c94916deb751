package org.descry.data.caption.feature;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.io.Excerpt;

/**
 * The header of an array in numpy's <a
 * href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NPY format</a>,
 * versions 1 to 3.
 *
 * @param name what the array is called in messages
 * @param type of its elements
 * @param order of their bytes
 * @param fortran whether the elements lie column behind column
 * @param shape one or two dimensions, none of them 0
 * @param bytes of the file before the elements
 */
record NpyHeader(
    String name, NpyType type, ByteOrder order, boolean fortran, List<Long> shape, int bytes) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Set<Object> KEYS = Set.of("descr", "fortran_order", "shape");
  private static final int MAX_BYTES = 1 << 16;

  /**
   * Reads the header from the front of {@code in}, which stays before the first element.
   *
   * @throws DescryException if it is none, or one of an array that is not read
   */
  static NpyHeader read(InputStream in, String name) throws IOException {
    DataInputStream data = new DataInputStream(in);
    try {
      if (!Arrays.equals(data.readNBytes(MAGIC.length), MAGIC)) {
        throw new DataException(name + ": not a numpy array (.npy)");
      }
      int version = data.readUnsignedByte();
      data.readUnsignedByte(); // the minor version, always 0
      int length =
          version == 1
              ? Short.toUnsignedInt(Short.reverseBytes(data.readShort()))
              : Integer.reverseBytes(data.readInt());
      if (version < 1 || version > 3 || length < 0 || length > MAX_BYTES) {
        throw new DataException(name + ": not a numpy array of version 1 to 3");
      }
      byte[] header = data.readNBytes(length);
      if (header.length < length) {
        throw new EOFException();
      }
      int before = MAGIC.length + 2 + (version == 1 ? Short.BYTES : Integer.BYTES);
      return parse(
          new String(header, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
          before + length,
          name);
    } catch (EOFException e) {
      throw new DataException(name + ": the numpy array is cut off", e);
    }
  }

  private static NpyHeader parse(String text, int bytes, String name) {
    Object header;
    try {
      header = PythonLiteral.parse(text);
    } catch (PythonLiteral.SyntaxException e) {
      throw new DataException(
          name + ": the header is not one of a numpy array: " + e.getMessage(), e);
    }
    if (!(header instanceof Map<?, ?> map)
        || !map.keySet().equals(KEYS)
        || !(map.get("fortran_order") instanceof Boolean fortran)
        || !(map.get("shape") instanceof PythonLiteral.Tuple shape)) {
      throw new DataException(
          "%s: expected a header with descr, fortran_order and shape, got: %s"
              .formatted(name, Excerpt.of(text.strip())));
    }
    NpyType type = map.get("descr") instanceof String descr ? NpyType.of(descr) : null;
    if (type == null) {
      throw new DataException(
          "%s: expected float16, float32, float64 or whole numbers, got numpy type %s"
              .formatted(name, Excerpt.of(map.get("descr").toString())));
    }
    ByteOrder order = NpyType.order((String) map.get("descr"));
    return new NpyHeader(name, type, order, fortran, sizes(shape.elements(), name), bytes);
  }

  private static List<Long> sizes(List<Object> shape, String name) {
    List<Long> sizes = new ArrayList<>();
    for (Object size : shape) {
      if (!(size instanceof Long number) || number == 0) {
        throw new DataException(name + ": expected sizes of at least 1, got shape " + shape);
      }
      sizes.add(number);
    }
    if (sizes.isEmpty() || sizes.size() > 2) {
      throw new DataException(
          name + ": expected an array of 1 or 2 dimensions, got shape " + shape);
    }
    return List.copyOf(sizes);
  }

  /** Number of rows; a vector is one. */
  long rows() {
    return shape.size() == 1 ? 1 : shape.get(0);
  }

  /** Number of elements of a row. */
  long columns() {
    return shape.get(shape.size() - 1);
  }

  /**
   * Bytes of header and elements.
   *
   * @throws DescryException if no file is so long
   */
  long totalBytes() {
    try {
      long elements = Math.multiplyExact(rows(), columns());
      return Math.addExact(bytes, Math.multiplyExact(elements, (long) type.bytes()));
    } catch (ArithmeticException e) {
      throw new DataException(name + ": an array of shape " + shape + " is too large", e);
    }
  }
}
