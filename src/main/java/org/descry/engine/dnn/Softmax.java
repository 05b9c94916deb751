package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Softmax along the rows of a matrix. */
final class Softmax extends FastOp {
  private static final int ACCURATE = 0x30000;

  private final int axis;

  Softmax(int axis) {
    this.axis = axis;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    if (arrays[0].rank() != 2 || axis != 1) {
      throw DnnException.unsupported();
    }
    long in = descs.of(arrays[0]);
    long out = descs.of(arrays[1]);
    long desc =
        descs.primitive(
            handle ->
                Library.dnnl_softmax_forward_primitive_desc_create(
                    handle, Library.ENGINE, Primitive.INFERENCE, ACCURATE, in, out, axis, 0));
    return descs.call(desc, new int[] {Primitive.SOURCE, Primitive.OUT}, in, out);
  }
}
