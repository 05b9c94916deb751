package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution, rectifier and max pooling: {@code out = maxpool(max(conv(x, W) + b, 0))}. Shapes and
 * types are {@link Conv2d}'s and {@link MaxPool2d}'s.
 *
 * <p>Backward: dOut where out > 0, else 0, goes to each window's maximum, and from there Conv2d's
 * way. A {@link ConvBlock} does the work; it pools before it rectifies.
 */
public final class ConvReluPool {
  private final ConvBlock block;

  public ConvReluPool(Window conv, Window pool) {
    block = new ConvBlock(conv, false, Activation.RELU, pool);
  }

  /** See {@link Conv2d#forward} and {@link MaxPool2d#forward}. */
  public ConvBlock.Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    return block.forward(x, new BlockParameters(w, b, null), true, allocator);
  }

  /** See {@link Conv2d#backward}. */
  public INDArray backward(
      INDArray dOut, ConvBlock.Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    return block.backward(dOut, cache, new BlockGradients(dW, db, null, null), allocator);
  }
}
