package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code out = op(a) op(b) + beta out} and what follows, matrices, or as many of each one behind
 * another, whose rows lie without gaps between elements.
 */
final class Product extends FastOp {
  private static final int[] FACTORS = {Primitive.SOURCE, Primitive.WEIGHTS};

  /** To read a weight from memory takes as long as some operations: few rows wait for memory. */
  private static final long PER_READ = 16;

  /** Of rows, in numbers. */
  private static final long BAD_DISTANCE = 256;

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
    INDArray result = arrays[arrays.length - 1];
    long products = 2 * arrays[0].length() * result.size(result.rank() - 1);
    return Math.max(products, PER_READ * arrays[1].length());
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    INDArray result = arrays[arrays.length - 1];
    int last = result.rank() - 1;
    for (INDArray array : new INDArray[] {arrays[0], arrays[1], result}) {
      if (last < 1
          || last > 2
          || array.rank() != last + 1
          || (array.size(last) != 1 && array.stride(last) != 1)) {
        throw DnnException.unsupported();
      }
    }
    long a = matrix(arrays[0], transposeA, descs);
    long b = matrix(arrays[1], transposeB, descs);
    long out = descs.of(result);
    try (Attributes attributes = new Attributes()) {
      boolean rounds = rounds(result);
      boolean emulates = rounds && Precision.emulated();
      if (rounds && !emulates) {
        attributes.rounded();
      }
      if (beta != 0) {
        attributes.sum(beta);
      }
      chain.append(attributes, arrays, FACTORS.length, descs);
      Library.Maker maker =
          handle ->
              Library.dnnl_matmul_primitive_desc_create(
                  handle, Library.ENGINE, a, b, 0, out, attributes.handle());
      long desc =
          last == 1 && descs.alone() && gemmIsFaster(arrays[0], arrays[1], result)
              ? descs.instead("brg_matmul:avx2", "gemm:jit:f32", maker)
              : descs.primitive(maker);
      Primitive call = attributes.call(desc, FACTORS, a, b, out, descs);
      return emulates ? call.roundingFactors() : call;
    }
  }

  /** A product with a vector is a sum of rows or columns, which stays exact. */
  private static boolean rounds(INDArray result) {
    return Precision.current() == Precision.BFLOAT16
        && result.rank() == 2
        && result.size(0) > 1
        && result.size(1) > 1;
  }

  /**
   * Whether oneDNN's other implementation for AVX2 is faster on one thread. It stumbles over rows
   * that are a multiple of 256 numbers apart, which fall on the same few lines of the cache: those
   * of the second factor, and those of the first where it is transposed, unless the second has more
   * columns. Two threads it keeps waiting. Sums, which are products with a vector, it rounds more.
   */
  private boolean gemmIsFaster(INDArray one, INDArray other, INDArray result) {
    long rows = result.size(0);
    long columns = result.size(1);
    boolean second = other.stride(0) % BAD_DISTANCE != 0;
    boolean first = !transposeA || one.stride(0) % BAD_DISTANCE != 0 || rows < columns;
    return first && second && rows > 1 && columns > 1;
  }

  private static long matrix(INDArray array, boolean transpose, Descs descs) {
    long[] dims = array.shape().clone();
    long[] strides = array.stride().clone();
    int last = dims.length - 1;
    strides[last] = 1;
    strides[last - 1] = dims[last - 1] == 1 ? dims[last] : strides[last - 1];
    if (transpose) {
      swapLast(dims);
      swapLast(strides);
    }
    return descs.of(dims, strides);
  }

  private static void swapLast(long[] values) {
    int last = values.length - 1;
    long value = values[last];
    values[last] = values[last - 1];
    values[last - 1] = value;
  }
}
