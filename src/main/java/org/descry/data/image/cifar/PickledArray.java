package org.descry.data.image.cifar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An array of unsigned bytes, row by row.
 *
 * @param values as many as the sides of {@code shape} multiply to
 */
record PickledArray(List<Long> shape, ByteBuffer values) {
  public PickledArray {
    shape = List.copyOf(shape);
  }

  /** The type of an array's elements, as NumPy writes it. */
  record Type(String code) {}

  static PickledArray of(List<?> shape, Object type, Object values, boolean byColumns)
      throws IOException {
    String code = ((Type) type).code();
    if (!code.equals("u1") && !code.equals("|u1")) {
      throw new IOException("holds an array of other numbers than unsigned bytes");
    }
    byte[] bytes = (byte[]) values;
    List<Long> sides = shape.stream().map(Long.class::cast).toList();
    long size = 1;
    for (long side : sides) {
      boolean fits = side >= 0 && side <= Integer.MAX_VALUE && size <= Integer.MAX_VALUE;
      size = fits ? size * side : Long.MAX_VALUE;
    }
    if (size != bytes.length || byColumns && sides.size() > 1) {
      throw new IOException(
          "holds an array that has other than its %s bytes, row by row".formatted(bytes.length));
    }
    return new PickledArray(sides, ByteBuffer.wrap(bytes));
  }
}
