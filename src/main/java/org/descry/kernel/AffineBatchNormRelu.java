package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Affine}, {@link BatchNorm}, {@link Relu}. Shapes and types are theirs. */
public final class AffineBatchNormRelu {
  private final Affine affine = new Affine();
  private final BatchNorm norm = new BatchNorm();
  private final Relu relu = new Relu();
  private final Scratch affineOut = new Scratch();
  private final Scratch dNorm = new Scratch();
  private final Scratch dAffine = new Scratch();

  /** What the backward pass needs; it holds until the next forward pass of the same kernel. */
  public record Cache(Affine.Cache affine, BatchNorm.Cache norm) {
    /** N x M. */
    public INDArray out() {
      return norm.out();
    }
  }

  /** See {@link Affine#forward} and {@link BatchNorm#forward}. */
  public Cache forward(
      INDArray x,
      INDArray w,
      INDArray b,
      BatchNorm.Parameters p,
      boolean training,
      Allocator allocator) {
    Affine.Cache mapped = affine.forward(x, w, b, affineOut::get);
    BatchNorm.Cache normed = norm.forward(mapped.out(), p, training, allocator);
    relu.forwardInPlace(normed.out());
    return new Cache(mapped, normed);
  }

  /** See {@link BatchNorm#updateRunning}. */
  public void updateRunning(Cache cache) {
    norm.updateRunning(cache.norm);
  }

  /** See {@link Affine#backward} and {@link BatchNorm#backward}. */
  public INDArray backward(
      INDArray dOut,
      Cache cache,
      INDArray dW,
      INDArray db,
      INDArray dGamma,
      INDArray dBeta,
      Allocator allocator) {
    Check.shape("AffineBatchNormRelu", "dOut", dOut, cache.out().shape());
    INDArray masked = dNorm.get(dOut.dataType(), dOut.shape());
    relu.backward(dOut, cache.out(), masked);
    INDArray dAffineOut = norm.backward(masked, cache.norm, dGamma, dBeta, dAffine::get);
    return affine.backward(dAffineOut, cache.affine, dW, db, allocator);
  }
}
