package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One step of a vanilla recurrent network: {@code h' = tanh(x Wx + h Wh + b)}.
 *
 * <p>Shapes: x is N x D, h and h' are N x H, Wx is D x H, Wh is H x H, b is H. Types: all FLOAT or
 * all DOUBLE.
 *
 * <p>Backward, with {@code dA = dH' (1 - h'^2)}: {@code dX = dA Wx^T, dH = dA Wh^T, dWx = X^T dA,
 * dWh = H^T dA, db = 1^T dA}.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class RnnStep {
  private final NativeOp affine = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final NativeOp advance = new NativeOp("matmul", 0, 0, 0).reals(1, 1).then("tanh");
  private final NativeOp productTransposeA = new NativeOp("matmul", 1, 0, 0);
  private final NativeOp productTransposeB = new NativeOp("matmul", 0, 1, 0);
  private final TanhDerivative derivative = new TanhDerivative();
  private final RowSum biasGradient = new RowSum();
  private final Scratch preactivationGradient = new Scratch();

  /** What the backward pass needs; {@code out} is h'. */
  public record Cache(INDArray x, INDArray h, INDArray wX, INDArray wH, INDArray out) {}

  /** The gradients that flow on: N x D and N x H. */
  public record Gradients(INDArray dX, INDArray dH) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(
      INDArray x, INDArray h, INDArray wX, INDArray wH, INDArray b, Allocator allocator) {
    long hidden = wX.size(1);
    Check.shape("RnnStep", "x", x, -1, wX.size(0));
    Check.shape("RnnStep", "h", h, x.size(0), hidden);
    Check.shape("RnnStep", "Wh", wH, hidden, hidden);
    Check.shape("RnnStep", "b", b, hidden);
    Check.type("RnnStep", x, h, wX, wH, b);
    INDArray out = allocator.create(x.dataType(), x.size(0), hidden);
    affine.in(x, wX, b).out(out).run();
    advance.in(h, wH).out(out).run();
    return new Cache(x, h, wX, wH, out);
  }

  /** Writes the parameters' gradients into {@code dWx, dWh, db} and returns those of x and h. */
  public Gradients backward(
      INDArray dOut, Cache cache, INDArray dWx, INDArray dWh, INDArray db, Allocator allocator) {
    Check.shape("RnnStep", "dOut", dOut, cache.out.shape());
    INDArray dA = preactivationGradient.get(dOut.dataType(), dOut.shape());
    derivative.run(cache.out, dA);
    dA.muli(dOut);
    productTransposeA.in(cache.x, dA).out(dWx).run();
    productTransposeA.in(cache.h, dA).out(dWh).run();
    biasGradient.run(dA, db);
    INDArray dX = allocator.create(dA.dataType(), cache.x.shape());
    productTransposeB.in(dA, cache.wX).out(dX).run();
    INDArray dH = allocator.create(dA.dataType(), cache.h.shape());
    productTransposeB.in(dA, cache.wH).out(dH).run();
    return new Gradients(dX, dH);
  }
}
