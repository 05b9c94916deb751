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
  private final FastOp gradient = FastOp.gradientOf("tanh");

  @Override
  void apply(INDArray x, INDArray out) {
    tanh.in(x).out(out).run();
  }

  @Override
  void backward(INDArray dOut, INDArray out, INDArray dX) {
    if (!gradient.run(new INDArray[] {out, dOut}, dX)) {
      derivative.run(out, dX);
      multiply.in(dX, dOut).out(dX).run();
    }
  }
}
