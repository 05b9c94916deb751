package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.same.Sign;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The rectifier {@code out = max(x, 0)}, elementwise, on an array of any shape in row-major memory.
 *
 * <p>Backward: {@code dX = dOut where out > 0, else 0}; the derivative at 0 is 0. Since out is
 * never negative, its sign is the mask, and sign and product take a tenth of the time of the native
 * {@code relu_bp}.
 */
public final class Relu {
  private final NativeOp relu = new NativeOp("relu").reals(0);
  private final NativeOp multiply = new NativeOp("multiply");

  /** Rectifies into a new array of the shape of x, which is also the cache of the backward pass. */
  public INDArray forward(INDArray x, Allocator allocator) {
    Check.type("Relu", x);
    INDArray out = allocator.create(x.dataType(), x.shape());
    relu.in(x).out(out).run();
    return out;
  }

  /** Rectifies in place. */
  void forwardInPlace(INDArray x) {
    relu.in(x).out(x).run();
  }

  /**
   * @param out what the forward pass returned
   * @return dX in a new array of the same shape
   */
  public INDArray backward(INDArray dOut, INDArray out, Allocator allocator) {
    Check.shape("Relu", "dOut", dOut, out.shape());
    INDArray dX = allocator.create(out.dataType(), out.shape());
    backward(dOut, out, dX);
    return dX;
  }

  void backward(INDArray dOut, INDArray out, INDArray dX) {
    Nd4j.getExecutioner().exec(new Sign(out, dX));
    multiply.in(dX, dOut).out(dX).run();
  }
}
