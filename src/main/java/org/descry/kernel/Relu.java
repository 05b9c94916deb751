package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rectifier {@code out = max(x, 0)}.
 *
 * <p>Backward: {@code dX = dOut where out > 0, else 0}; the derivative at 0 is 0. Since out is
 * never negative, its sign is the mask; sign and product take a tenth of the time of ND4J's {@code
 * relu_bp}.
 */
public final class Relu extends Elementwise {
  private final NativeOp relu = new NativeOp("relu").reals(0);
  private final NativeOp multiply = new NativeOp("multiply");

  public Relu() {
    super(null, FastOp.gradientOf("relu"));
  }

  @Override
  void compose(INDArray x, INDArray out) {
    relu.in(x).out(out).run();
  }

  @Override
  void composeBackward(INDArray dOut, INDArray out, INDArray dX) {
    Nd4j.getExecutioner().exec(new Sign(out, dX));
    multiply.in(dX, dOut).out(dX).run();
  }
}
