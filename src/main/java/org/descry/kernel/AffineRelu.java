package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The affine map and the rectifier: {@code out = max(x W + b, 0)}. Shapes and types are {@link
 * Affine}'s.
 *
 * <p>Backward: with {@code dA = dOut where out > 0, else 0}: {@code dX = dA W^T, dW = x^T dA, db =
 * 1^T dA}. An {@link AffineBlock} does the work.
 */
public final class AffineRelu {
  private final AffineBlock block = new AffineBlock(false, Activation.RELU);

  /** See {@link Affine#forward}. */
  public AffineBlock.Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    return block.forward(x, new BlockParameters(w, b, null), true, allocator);
  }

  /** See {@link Affine#backward}. */
  public INDArray backward(
      INDArray dOut, AffineBlock.Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    return block.backward(dOut, cache, new BlockGradients(dW, db, null, null), allocator);
  }
}
