package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The hyperbolic tangent {@code out = tanh(x)}.
 *
 * <p>Backward: {@code dX = dOut (1 - out^2)}.
 */
public final class Tanh extends Elementwise {
  private final NativeOp tanh = new NativeOp("tanh");
  private final NativeOp multiply = new NativeOp("multiply");
  private final TanhDerivative derivative = new TanhDerivative();

  public Tanh() {
    super(null, FastOp.gradientOf("tanh"));
  }

  @Override
  void compose(INDArray x, INDArray out) {
    tanh.in(x).out(out).run();
  }

  @Override
  void composeBackward(INDArray dOut, INDArray out, INDArray dX) {
    derivative.run(out, dX);
    multiply.in(dX, dOut).out(dX).run();
  }
}
