package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code out = op(a) op(b) + beta out} and what follows, matrices whose rows lie without gaps
 * between elements.
 */
final class Product extends FastOp {
  private static final int[] FACTORS = {Primitive.SOURCE, Primitive.WEIGHTS};

  private final boolean transposeA;
  private final boolean transposeB;
  private final float beta;
  private final Chain chain;

  Product(boolean transposeA, boolean transposeB, float beta, Chain chain) {
    this.transposeA = transposeA;
    this.transposeB = transposeB;
    this.beta = beta;
    this.chain = chain;
  }

  @Override
  long work(INDArray[] arrays) {
    return 2 * arrays[0].length() * arrays[arrays.length - 1].size(1);
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    INDArray result = arrays[arrays.length - 1];
    for (INDArray array : new INDArray[] {arrays[0], arrays[1], result}) {
      if (array.rank() != 2 || (array.size(1) != 1 && array.stride(1) != 1)) {
        throw DnnException.unsupported();
      }
    }
    long a = matrix(arrays[0], transposeA, descs);
    long b = matrix(arrays[1], transposeB, descs);
    long out = descs.of(result);
    try (Attributes attributes = new Attributes()) {
      // A product with a vector is a sum of rows or columns, which stays exact.
      if (result.size(0) > 1 && result.size(1) > 1) {
        attributes.rounded();
      }
      if (beta != 0) {
        attributes.sum(beta);
      }
      chain.append(attributes, arrays, FACTORS.length, descs);
      long desc =
          descs.primitive(
              handle ->
                  Library.dnnl_matmul_primitive_desc_create(
                      handle, Library.ENGINE, a, b, 0, out, attributes.handle()));
      return attributes.call(desc, FACTORS, a, b, out, descs);
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
