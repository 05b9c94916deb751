package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A function of every element, on arrays that lie alike and without gaps. */
final class Elementwise extends FastOp {
  private final Function function;

  Elementwise(Function function) {
    this.function = function;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    if (!Memories.alike(arrays[0], arrays[1])) {
      throw DnnException.unsupported();
    }
    long flat = descs.rowMajor(arrays[0].length());
    if (function.odd()) {
      return odd(flat, descs);
    }
    return descs.call(
        forward(function.algorithm(), function.alpha(), Primitive.INFERENCE, flat, descs),
        new int[] {Primitive.SOURCE, Primitive.OUT},
        flat,
        flat);
  }

  /** By a primitive that doubles, since those of one function let no other follow. */
  private Primitive odd(long flat, Descs descs) {
    long scalar = descs.rowMajor(1);
    try (Attributes attributes = new Attributes()) {
      function.appendToTwice(attributes);
      long desc = Binary.desc(Binary.MULTIPLY, flat, scalar, attributes, descs);
      int[] arguments = {Primitive.SOURCE, Primitive.OUT, Primitive.SECOND_SOURCE};
      return descs.call(desc, arguments, flat, flat, scalar).set(2, Two.BUFFER);
    }
  }

  private static final class Two {
    static final Buffer BUFFER = Buffer.scalar(2);
  }

  private static long forward(int algorithm, float alpha, int propagation, long flat, Descs descs) {
    return descs.primitive(
        handle ->
            Library.dnnl_eltwise_forward_primitive_desc_create(
                handle, Library.ENGINE, propagation, algorithm, flat, flat, alpha, 0, 0));
  }

  /** The gradient of such a function, from its result or its input and the result's gradient. */
  static final class Gradient extends FastOp {
    private final Function function;

    Gradient(Function function) {
      this.function = function;
    }

    @Override
    Primitive make(INDArray[] arrays, Descs descs) {
      if (!Memories.alike(arrays[0], arrays[1]) || !Memories.alike(arrays[0], arrays[2])) {
        throw DnnException.unsupported();
      }
      long flat = descs.rowMajor(arrays[0].length());
      int algorithm = function.gradient();
      float slope = function.slope();
      long hint = forward(algorithm, slope, Primitive.TRAINING, flat, descs);
      long desc =
          descs.primitive(
              handle ->
                  Library.dnnl_eltwise_backward_primitive_desc_create(
                      handle, Library.ENGINE, algorithm, flat, flat, flat, slope, 0, hint, 0));
      return descs.call(
          desc,
          new int[] {
            function.ofInput() ? Primitive.SOURCE : Primitive.OUT,
            Primitive.OUT_GRADIENT,
            Primitive.SOURCE_GRADIENT
          },
          flat,
          flat,
          flat);
    }
  }
}
