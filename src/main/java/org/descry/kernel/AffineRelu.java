package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Affine} and then {@link Relu}, in place: {@code out = max(x W + b, 0)}. Shapes and types
 * are Affine's.
 */
public final class AffineRelu {
  private final Affine affine = new Affine();
  private final Relu relu = new Relu();
  private final Scratch dAffine = new Scratch();

  /** See {@link Affine#forward}. */
  public Affine.Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    Affine.Cache cache = affine.forward(x, w, b, allocator);
    relu.forwardInPlace(cache.out());
    return cache;
  }

  /** See {@link Affine#backward}. */
  public INDArray backward(
      INDArray dOut, Affine.Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    Check.shape("AffineRelu", "dOut", dOut, cache.out().shape());
    INDArray masked = dAffine.get(dOut.dataType(), dOut.shape());
    relu.backward(dOut, cache.out(), masked);
    return affine.backward(masked, cache, dW, db, allocator);
  }
}
