package org.descry.kind.service;

import java.util.Arrays;
import java.util.List;

/**
 * Numbers or texts in row-major order. The arrays are not copied.
 *
 * @param name as clients name it
 * @param datatype as the client or {@link TensorType} says
 * @param shape of the tensor; its product is the number of values
 * @param numbers null of texts
 * @param texts null of numbers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Tensor(
    String name, String datatype, long[] shape, float[] numbers, List<String> texts) {

  /** Rows of numbers. */
  public static Tensor of(TensorType type, List<float[]> rows) {
    float[] all = new float[rows.size() * type.width()];
    int at = 0;
    for (float[] row : rows) {
      System.arraycopy(row, 0, all, at, row.length);
      at += row.length;
    }
    return new Tensor(type.name(), type.datatype(), shape(type, rows.size()), all, null);
  }

  /** A text a row. */
  public static Tensor ofTexts(TensorType type, List<String> texts) {
    return new Tensor(type.name(), type.datatype(), shape(type, texts.size()), null, texts);
  }

  private static long[] shape(TensorType type, int rows) {
    long[] shape = type.shape().stream().mapToLong(Long::longValue).toArray();
    shape[0] = rows;
    return shape;
  }

  /** One row of numbers, as a copy. */
  public float[] row(int row) {
    int width = numbers.length / rows();
    return Arrays.copyOfRange(numbers, row * width, (row + 1) * width);
  }

  /** The first dimension. */
  public int rows() {
    return (int) shape[0];
  }
}
