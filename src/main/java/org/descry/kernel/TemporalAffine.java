package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Affine} at every step of a sequence: {@code out[n,t] = x[n,t] W + b}, one matrix product
 * over all steps.
 *
 * <p>Shapes: x is N x T x D, out is N x T x M, both over time-major memory where they are fast; W
 * is D x M, b is M. Types: all FLOAT or all DOUBLE.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class TemporalAffine {
  private final Affine affine = new Affine();
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();

  /** What the backward pass needs. */
  public record Cache(Affine.Cache rows, INDArray out) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    Check.shape("TemporalAffine", "x", x, -1, -1, w.size(0));
    long n = x.size(0);
    long t = x.size(1);
    Affine.Cache rows = affine.forward(Layout.timeMajorRows(x, input), w, b, allocator);
    return new Cache(rows, Layout.reshape(rows.out(), t, n, w.size(1)).permute(1, 0, 2));
  }

  /** See {@link Affine#backward}; returns N x T x D or null. */
  public INDArray backward(
      INDArray dOut, Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    Check.shape("TemporalAffine", "dOut", dOut, cache.out.shape());
    long n = dOut.size(0);
    long t = dOut.size(1);
    INDArray dRows = Layout.timeMajorRows(dOut, outputGradient);
    INDArray dX = affine.backward(dRows, cache.rows, dW, db, allocator);
    return dX == null ? null : Layout.reshape(dX, t, n, dX.size(1)).permute(1, 0, 2);
  }
}
