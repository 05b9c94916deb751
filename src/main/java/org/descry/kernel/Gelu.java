package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The Gaussian error linear unit (Hendrycks and Gimpel, 2016) {@code out = x Phi(x)}, Phi being the
 * normal distribution's {@code (1 + erf(x / sqrt 2)) / 2}: exact, where the native {@code gelu} is
 * an approximation.
 *
 * <p>Backward: {@code dX = dOut (Phi(x) + x phi(x))} with the density {@code phi(x) = exp(-x^2 / 2)
 * / sqrt(2 pi)}. It falls left of -0.75 and rises right of it.
 */
public final class Gelu extends Elementwise {
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp add = new NativeOp("add");
  private final Scratch densities = new Scratch();

  public Gelu() {
    super(FastOp.gelu(false), FastOp.gelu(true));
  }

  @Override
  boolean readsInput() {
    return true;
  }

  @Override
  void compose(INDArray x, INDArray out) {
    distribution(x, out);
    multiply.in(x, out).out(out).run();
  }

  private static void distribution(INDArray x, INDArray out) {
    out.assign(x).muli(Math.sqrt(0.5));
    Nd4j.getExecutioner().exec(new Erf(out, out));
    out.addi(1).muli(0.5);
  }

  @Override
  void composeBackward(INDArray dOut, INDArray x, INDArray dX) {
    INDArray density = densities.get(x.dataType(), x.shape());
    multiply.in(x, x).out(density).run();
    density.muli(-0.5);
    Nd4j.getExecutioner().exec(new Exp(density, density));
    density.muli(1 / Math.sqrt(2 * Math.PI));
    multiply.in(density, x).out(density).run();
    distribution(x, dX);
    add.in(dX, density).out(dX).run();
    multiply.in(dX, dOut).out(dX).run();
  }
}
