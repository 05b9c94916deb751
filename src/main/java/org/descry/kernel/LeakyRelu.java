package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.FastOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The leaky rectifier (Maas et al., 2013): {@code out = x where x > 0, else 0.01 x}.
 *
 * <p>Backward: {@code dX = dOut where out > 0, else 0.01 dOut}; out has the sign of x.
 */
public final class LeakyRelu extends Elementwise {
  /** What a negative x is multiplied by. */
  public static final double SLOPE = 0.01;

  private final NativeOp maximum = new NativeOp("maximum");
  private final NativeOp relu = new NativeOp("relu").reals(0);
  private final NativeOp multiply = new NativeOp("multiply");
  private final Scratch scaled = new Scratch();

  public LeakyRelu() {
    super(FastOp.leakyRelu(SLOPE, false), FastOp.leakyRelu(SLOPE, true));
  }

  @Override
  void compose(INDArray x, INDArray out) {
    // ND4J's own rounds the slope to float32.
    INDArray small = scaled.get(x.dataType(), x.shape()).assign(x).muli(SLOPE);
    maximum.in(x, small).out(out).run();
  }

  @Override
  void composeBackward(INDArray dOut, INDArray out, INDArray dX) {
    Nd4j.getExecutioner().exec(new Sign(out, dX));
    relu.in(dX).out(dX).run();
    dX.muli(1 - SLOPE).addi(SLOPE);
    multiply.in(dX, dOut).out(dX).run();
  }
}
