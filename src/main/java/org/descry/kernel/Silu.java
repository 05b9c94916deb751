package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sigmoid linear unit, or swish (Ramachandran et al., 2017): {@code out = x s(x)} with the
 * logistic function s.
 *
 * <p>Backward: {@code dX = dOut s(x) (1 + x (1 - s(x)))}. It falls left of -1.28 and rises right of
 * it.
 */
public final class Silu extends Elementwise {
  private final NativeOp sigmoid = new NativeOp("sigmoid");
  private final NativeOp multiply = new NativeOp("multiply");
  private final Scratch logistic = new Scratch();

  public Silu() {
    super(FastOp.silu(false), FastOp.silu(true));
  }

  @Override
  boolean readsInput() {
    return true;
  }

  @Override
  void compose(INDArray x, INDArray out) {
    sigmoid.in(x).out(out).run();
    multiply.in(x, out).out(out).run();
  }

  @Override
  void composeBackward(INDArray dOut, INDArray x, INDArray dX) {
    INDArray s = logistic.get(x.dataType(), x.shape());
    sigmoid.in(x).out(s).run();
    dX.assign(s).rsubi(1);
    multiply.in(dX, x).out(dX).run();
    dX.addi(1);
    multiply.in(dX, s).out(dX).run();
    multiply.in(dX, dOut).out(dX).run();
  }
}
