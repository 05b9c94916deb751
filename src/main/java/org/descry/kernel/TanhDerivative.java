package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Square;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The derivative of tanh from its value: {@code 1 - h^2}. The native {@code tanh_bp} would compute
 * tanh once more.
 */
final class TanhDerivative {
  void run(INDArray h, INDArray out) {
    Nd4j.getExecutioner().exec(new Square(h, out));
    out.rsubi(1);
  }
}
