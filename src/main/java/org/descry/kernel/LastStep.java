package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The last step of each sequence that the mask keeps: {@code out = sum_t w[t] x[t]}, where w is 1
 * at the last step whose mask is 1 and 0 elsewhere: {@code w[t] = m[t] (1 - m[t+1]) ... (1 -
 * m[T-1])}. A sequence whose mask is 0 throughout gives zeros.
 *
 * <p>Shapes: x is N x T x D, out is N x D, mask is N x T or null. Types: all FLOAT or all DOUBLE.
 *
 * <p>Backward: {@code dX[t] = w[t] dOut}.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class LastStep {
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final Steps weights = new Steps();
  private final Scratch remaining = new Scratch();
  private final Scratch product = new Scratch();

  /** What the backward pass needs: N, T and D, and whether there was a mask. */
  public record Cache(INDArray out, long steps, boolean masked) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, INDArray mask, Allocator allocator) {
    Check.shape("LastStep", "x", x, -1, -1, -1);
    Check.type("LastStep", x, mask);
    long n = x.size(0);
    long t = x.size(1);
    DataType type = x.dataType();
    INDArray out = allocator.create(type, n, x.size(2));
    if (mask == null) {
      out.assign(x.tensorAlongDimension(t - 1, 0, 2));
      return new Cache(out, t, false);
    }
    Check.shape("LastStep", "mask", mask, n, t);
    weigh(mask, n, t, type);
    INDArray part = product.get(type, out.shape());
    out.assign(0);
    for (long step = 0; step < t; step++) {
      multiply.in(x.tensorAlongDimension(step, 0, 2), weights.step(step)).out(part).run();
      out.addi(part);
    }
    return new Cache(out, t, true);
  }

  private void weigh(INDArray mask, long n, long t, DataType type) {
    weights.buffer(type, t, n, 1).reshape('c', t, n).assign(mask.transpose());
    INDArray rest = remaining.get(type, n, 1).assign(1);
    for (long step = t - 1; step >= 0; step--) {
      INDArray weight = weights.step(step);
      multiply.in(weight, rest).out(weight).run();
      subtract.in(rest, weight).out(rest).run();
    }
  }

  /** dX, N x T x D. */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("LastStep", "dOut", dOut, cache.out.shape());
    long n = dOut.size(0);
    INDArray dX = allocator.create(dOut.dataType(), cache.steps, n, dOut.size(1));
    if (!cache.masked) {
      dX.assign(0);
      dX.tensorAlongDimension(cache.steps - 1, 1, 2).assign(dOut);
      return dX.permute(1, 0, 2);
    }
    for (long step = 0; step < cache.steps; step++) {
      INDArray part = dX.tensorAlongDimension(step, 1, 2);
      multiply.in(dOut, weights.step(step)).out(part).run();
    }
    return dX.permute(1, 0, 2);
  }
}
