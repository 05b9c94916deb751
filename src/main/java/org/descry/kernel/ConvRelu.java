package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution and rectifier: {@code out = max(conv(x, W) + b, 0)}. Shapes and types are {@link
 * Conv2d}'s.
 *
 * <p>Backward: Conv2d's, of {@code dOut where out > 0, else 0}. A {@link ConvBlock} does the work.
 */
public final class ConvRelu {
  private final ConvBlock block;

  public ConvRelu(Window window) {
    block = new ConvBlock(window, false, Activation.RELU, null);
  }

  /** See {@link Conv2d#forward}. */
  public ConvBlock.Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    return block.forward(x, new BlockParameters(w, b, null), true, allocator);
  }

  /** See {@link Conv2d#backward}. */
  public INDArray backward(
      INDArray dOut, ConvBlock.Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    return block.backward(dOut, cache, new BlockGradients(dW, db, null, null), allocator);
  }
}
