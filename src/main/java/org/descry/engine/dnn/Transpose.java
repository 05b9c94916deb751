package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A matrix turned over, written in row-major order. */
final class Transpose extends FastOp {
  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    INDArray in = arrays[0];
    INDArray out = arrays[1];
    if (in.rank() != 2 || !Memories.rowMajor(in) || !Memories.rowMajor(out)) {
      throw DnnException.unsupported();
    }
    long rows = in.size(0);
    long columns = in.size(1);
    long from = descs.of(new long[] {columns, rows}, new long[] {1, columns});
    return descs.reorder(from, descs.rowMajor(columns, rows));
  }
}
