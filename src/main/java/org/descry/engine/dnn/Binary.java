package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function of two arrays that lie alike, or of a matrix and a row or a column that stands for
 * every row or column; then what follows.
 */
final class Binary extends FastOp {
  static final int ADD = 0x1fff0;
  static final int MULTIPLY = 0x1fff1;
  static final int DIVIDE = 0x1fff4;
  static final int SUBTRACT = 0x1fff5;

  private static final int[] OPERANDS = {Primitive.SOURCE, Primitive.SECOND_SOURCE};

  private final int algorithm;
  private final Chain chain;

  Binary(int algorithm, Chain chain) {
    this.algorithm = algorithm;
    this.chain = chain;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    INDArray one = arrays[0];
    INDArray other = arrays[1];
    if (!Memories.alike(one, arrays[arrays.length - 1])) {
      throw DnnException.unsupported();
    }
    if (Memories.alike(one, other) && arrays.length == OPERANDS.length + 1) {
      long flat = descs.rowMajor(one.length());
      return make(flat, flat, arrays, descs);
    }
    if (one.rank() != 2 || !Memories.rowMajor(one) || !Memories.rowMajor(other)) {
      throw DnnException.unsupported();
    }
    boolean row = other.length() == one.size(1) && (other.rank() == 1 || other.size(0) == 1);
    boolean column = other.rank() == 2 && other.size(0) == one.size(0) && other.size(1) == 1;
    if (!row && !column && !Memories.alike(one, other)) {
      throw DnnException.unsupported();
    }
    long matrix = descs.rowMajor(one.shape());
    long second = row ? descs.rowMajor(1, one.size(1)) : descs.rowMajor(other.shape());
    return make(matrix, second, arrays, descs);
  }

  private Primitive make(long one, long other, INDArray[] arrays, Descs descs) {
    try (Attributes attributes = new Attributes()) {
      chain.append(attributes, arrays, OPERANDS.length, descs);
      return call(algorithm, one, other, attributes, descs);
    }
  }

  /**
   * The call with two arguments, then those that were joined, then the output.
   *
   * @param one the layout of the first and of the output
   * @param other the layout of the second
   */
  static Primitive call(int algorithm, long one, long other, Attributes attributes, Descs descs) {
    long desc = desc(algorithm, one, other, attributes, descs);
    return attributes.call(desc, OPERANDS, one, other, one, descs);
  }

  /** Its description. */
  static long desc(int algorithm, long one, long other, Attributes attributes, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_binary_primitive_desc_create(
                handle, Library.ENGINE, algorithm, one, other, one, attributes.handle()));
  }
}
