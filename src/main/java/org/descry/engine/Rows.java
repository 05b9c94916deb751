package org.descry.engine;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads a matrix row by row, without a view for each row: one costs as much as a small product. */
public final class Rows {
  private final INDArray matrix;
  private final FloatBuffer values;
  private final int first;
  private final int rowStride;
  private final int stride;

  private Rows(INDArray matrix) {
    this.matrix = matrix;
    values = matrix.dataType() == DataType.FLOAT ? matrix.data().asNioFloat() : null;
    first = values == null ? 0 : values.position();
    rowStride = (int) matrix.stride(0);
    stride = (int) matrix.stride(1);
  }

  /** Those of an array N x K, whose contents may change meanwhile. */
  public static Rows of(INDArray matrix) {
    return new Rows(matrix);
  }

  /** N. */
  public int count() {
    return (int) matrix.size(0);
  }

  /** K. */
  public int width() {
    return (int) matrix.size(1);
  }

  private double value(int row, int column) {
    return values == null
        ? matrix.getDouble(row, column)
        : values.get(first + row * rowStride + column * stride);
  }

  /** A row as a new array. */
  public float[] floats(int row) {
    float[] copy = new float[width()];
    if (values != null && stride == 1) {
      values.get(first + row * rowStride, copy);
      return copy;
    }
    for (int k = 0; k < copy.length; k++) {
      copy[k] = (float) value(row, k);
    }
    return copy;
  }

  /**
   * Writes a row into an array of K.
   *
   * @return the array
   */
  public double[] read(int row, double[] into) {
    for (int k = 0; k < into.length; k++) {
      into[k] = value(row, k);
    }
    return into;
  }
}
