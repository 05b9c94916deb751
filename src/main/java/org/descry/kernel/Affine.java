package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The affine map {@code out = x W + b}.
 *
 * <p>Shapes: x is N x d1 x ... x dk, read as N x D with D = d1 ... dk in row-major order; W is D x
 * M, b is M, out is N x M. Types: all FLOAT or all DOUBLE.
 *
 * <p>Backward: {@code dX = dOut W^T, dW = X^T dOut, db = 1^T dOut}.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class Affine {
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final NativeOp productTransposeA = new NativeOp("matmul", 1, 0, 0);
  private final NativeOp productTransposeB = new NativeOp("matmul", 0, 1, 0);
  private final RowSum biasGradient = new RowSum();
  private final Scratch flat = new Scratch();
  private final Scratch flatGradient = new Scratch();

  /** The map alone. */
  public Affine() {}

  /**
   * The map and a function of its result.
   *
   * @param function see {@link NativeOp#then}
   */
  Affine(String function) {
    product.then(function);
  }

  /** What the backward pass needs. */
  public record Cache(INDArray x, INDArray rows, INDArray w, INDArray out) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    Check.rankAtLeast("Affine", "x", x, 2);
    Check.type("Affine", x, w, b);
    long n = x.size(0);
    long d = x.length() / n;
    Check.shape("Affine", "W", w, d, -1);
    Check.shape("Affine", "b", b, w.size(1));
    INDArray rows = Layout.reshape(Layout.rowMajor(x, flat), n, d);
    INDArray out = allocator.create(x.dataType(), n, w.size(1));
    product.in(rows, w, b).out(out).run();
    return new Cache(x, rows, w, out);
  }

  /**
   * Writes the parameters' gradients into {@code dW} and {@code db}.
   *
   * @param dOut the gradient of the map's result, before any function
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x, or null
   */
  public INDArray backward(
      INDArray dOut, Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    Check.shape("Affine", "dOut", dOut, cache.out.shape());
    INDArray dRows = Layout.rowMajor(dOut, flatGradient);
    productTransposeA.in(cache.rows, dRows).out(dW).run();
    biasGradient.run(dRows, db);
    if (allocator == null) {
      return null;
    }
    INDArray dX = allocator.create(dOut.dataType(), cache.x.shape());
    productTransposeB.in(dRows, cache.w).out(Layout.reshape(dX, cache.rows.shape())).run();
    return dX;
  }
}
