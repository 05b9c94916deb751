package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function of two arrays that lie alike, or of a matrix and a row or a column that stands for
 * every row or column.
 */
final class Binary extends FastOp {
  private final int algorithm;

  Binary(int algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    INDArray one = arrays[0];
    INDArray other = arrays[1];
    if (!Memories.alike(one, arrays[2])) {
      throw DnnException.unsupported();
    }
    if (Memories.alike(one, other)) {
      long flat = descs.rowMajor(one.length());
      return make(flat, flat, descs);
    }
    if (one.rank() != 2 || !Memories.rowMajor(one) || !Memories.rowMajor(other)) {
      throw DnnException.unsupported();
    }
    boolean row = other.length() == one.size(1) && (other.rank() == 1 || other.size(0) == 1);
    boolean column = other.rank() == 2 && other.size(0) == one.size(0) && other.size(1) == 1;
    if (!row && !column) {
      throw DnnException.unsupported();
    }
    long matrix = descs.rowMajor(one.shape());
    long vector = row ? descs.rowMajor(1, one.size(1)) : descs.rowMajor(one.size(0), 1);
    return make(matrix, vector, descs);
  }

  private Primitive make(long one, long other, Descs descs) {
    long desc =
        descs.primitive(
            handle ->
                Library.dnnl_binary_primitive_desc_create(
                    handle, Library.ENGINE, algorithm, one, other, one, 0));
    return new Primitive(
        desc,
        new int[] {Primitive.SOURCE, Primitive.SECOND_SOURCE, Primitive.OUT},
        one,
        other,
        one);
  }
}
