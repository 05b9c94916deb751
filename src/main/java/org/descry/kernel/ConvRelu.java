package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Conv2d} and then {@link Relu}, in place. Shapes and types are Conv2d's. */
public final class ConvRelu {
  private final Conv2d conv;
  private final Relu relu = new Relu();
  private final Scratch outputGradient = new Scratch();
  private final Scratch dConv = new Scratch();

  public ConvRelu(Window window) {
    conv = new Conv2d(window);
  }

  /** See {@link Conv2d#forward}. */
  public Conv2d.Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator) {
    Conv2d.Cache cache = conv.forward(x, w, b, allocator);
    relu.forwardInPlace(cache.out().permute(0, 2, 3, 1));
    return cache;
  }

  /** See {@link Conv2d#backward}. */
  public INDArray backward(
      INDArray dOut, Conv2d.Cache cache, INDArray dW, INDArray db, Allocator allocator) {
    Check.shape("ConvRelu", "dOut", dOut, cache.out().shape());
    INDArray out = cache.out().permute(0, 2, 3, 1);
    INDArray masked = dConv.get(dOut.dataType(), out.shape());
    relu.backward(Layout.channelsLast(dOut, outputGradient), out, masked);
    return conv.backward(Layout.channelsFirstView(masked), cache, dW, db, allocator);
  }
}
