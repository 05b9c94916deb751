package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logistic function {@code out = 1 / (1 + exp(-x))}.
 *
 * <p>It is stable on both sides: far to the right the exponential vanishes, far to the left it
 * overflows to infinity, whose reciprocal is the right 0; no quotient of infinities occurs.
 *
 * <p>Backward: {@code dX = dOut out (1 - out)}.
 */
public final class Sigmoid extends Elementwise {
  private final NativeOp sigmoid = new NativeOp("sigmoid");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");

  public Sigmoid() {
    super(null, FastOp.gradientOf("sigmoid"));
  }

  @Override
  void compose(INDArray x, INDArray out) {
    sigmoid.in(x).out(out).run();
  }

  @Override
  void composeBackward(INDArray dOut, INDArray out, INDArray dX) {
    multiply.in(out, out).out(dX).run();
    subtract.in(out, dX).out(dX).run();
    multiply.in(dX, dOut).out(dX).run();
  }
}
