package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code out = op(a) op(b) + beta out}, matrices whose rows lie without gaps between elements. */
final class Product extends FastOp {
  private static final int KEEP_TYPE = 0;

  private final boolean transposeA;
  private final boolean transposeB;
  private final float beta;

  Product(boolean transposeA, boolean transposeB, float beta) {
    this.transposeA = transposeA;
    this.transposeB = transposeB;
    this.beta = beta;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    for (INDArray array : arrays) {
      if (array.rank() != 2 || (array.size(1) != 1 && array.stride(1) != 1)) {
        throw DnnException.unsupported();
      }
    }
    long a = matrix(arrays[0], transposeA, descs);
    long b = matrix(arrays[1], transposeB, descs);
    long out = descs.of(arrays[2]);
    try (Attributes attributes = new Attributes()) {
      if (beta != 0) {
        attributes.sum(beta, KEEP_TYPE);
      }
      long desc =
          descs.primitive(
              handle ->
                  Library.dnnl_matmul_primitive_desc_create(
                      handle, Library.ENGINE, a, b, 0, out, attributes.handle()));
      return new Primitive(
          desc, new int[] {Primitive.SOURCE, Primitive.WEIGHTS, Primitive.OUT}, a, b, out);
    }
  }

  private static long matrix(INDArray array, boolean transpose, Descs descs) {
    long rows = array.size(0);
    long columns = array.size(1);
    long stride = rows == 1 ? columns : array.stride(0);
    return transpose
        ? descs.of(new long[] {columns, rows}, new long[] {1, stride})
        : descs.of(new long[] {rows, columns}, new long[] {stride, 1});
  }
}
