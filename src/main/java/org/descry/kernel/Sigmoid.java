package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The logistic function {@code out = 1 / (1 + exp(-x))}, elementwise, on an array of any shape in
 * row-major memory. Types: FLOAT or DOUBLE.
 *
 * <p>It is stable on both sides: far to the right the exponential vanishes, far to the left it
 * overflows to infinity, whose reciprocal is the right 0; no quotient of infinities occurs.
 *
 * <p>Backward: {@code dX = dOut out (1 - out)}.
 */
public final class Sigmoid {
  private final NativeOp sigmoid = new NativeOp("sigmoid");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");

  /** Returns a new array of the shape of x, which is also the cache of the backward pass. */
  public INDArray forward(INDArray x, Allocator allocator) {
    Check.type("Sigmoid", x);
    INDArray out = allocator.create(x.dataType(), x.shape());
    sigmoid.in(x).out(out).run();
    return out;
  }

  /**
   * @param out what the forward pass returned
   * @return dX in a new array of the same shape
   */
  public INDArray backward(INDArray dOut, INDArray out, Allocator allocator) {
    Check.shape("Sigmoid", "dOut", dOut, out.shape());
    INDArray dX = allocator.create(out.dataType(), out.shape());
    multiply.in(out, out).out(dX).run();
    subtract.in(out, dX).out(dX).run();
    multiply.in(dX, dOut).out(dX).run();
    return dX;
  }
}
