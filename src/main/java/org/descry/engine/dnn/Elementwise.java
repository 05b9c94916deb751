package org.descry.engine.dnn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A function of every element, on arrays that lie alike and without gaps. */
final class Elementwise extends FastOp {
  private final int algorithm;

  Elementwise(int algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  Primitive make(INDArray[] arrays, Descs descs) {
    if (!Memories.alike(arrays[0], arrays[1])) {
      throw DnnException.unsupported();
    }
    long flat = descs.rowMajor(arrays[0].length());
    long desc =
        descs.primitive(
            handle ->
                Library.dnnl_eltwise_forward_primitive_desc_create(
                    handle, Library.ENGINE, Primitive.INFERENCE, algorithm, flat, flat, 0, 0, 0));
    return new Primitive(desc, new int[] {Primitive.SOURCE, Primitive.OUT}, flat, flat);
  }
}
