package org.descry.kernel;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adds rows of one matrix to rows of another, one after the other, by BLAS: the native scatter_add
 * has to lock, and a loop in Java takes ten times as long. Types: FLOAT or DOUBLE.
 */
final class RowAdder {
  private final Rows from;
  private final Rows to;
  private final int width;

  /** The rows of an array; BLAS reads them through a pointer of our own. */
  private record Rows(INDArray array, Pointer pointer, long offset, long rowStride, int stride) {
    static Rows of(INDArray array) {
      Pointer memory = array.data().pointer();
      Pointer own =
          array.dataType() == DataType.FLOAT ? new FloatPointer(memory) : new DoublePointer(memory);
      return new Rows(array, own, array.offset(), array.stride(0), (int) array.stride(1));
    }

    void seek(long row) {
      pointer.position(offset + row * rowStride);
    }
  }

  /** The arrays' memory is kept. */
  RowAdder(INDArray from, INDArray to) {
    this.from = Rows.of(from);
    this.to = Rows.of(to);
    width = (int) from.size(1);
  }

  void add(long fromRow, long toRow) {
    from.seek(fromRow);
    to.seek(toRow);
    if (from.pointer instanceof FloatPointer x && to.pointer instanceof FloatPointer y) {
      openblas.cblas_saxpy(width, 1, x, from.stride, y, to.stride);
    } else {
      DoublePointer x = (DoublePointer) from.pointer;
      openblas.cblas_daxpy(width, 1, x, from.stride, (DoublePointer) to.pointer, to.stride);
    }
  }
}
