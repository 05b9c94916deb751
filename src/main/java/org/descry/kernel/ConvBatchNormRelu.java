package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Conv2d}, {@link BatchNorm}, {@link Relu}. Shapes and types are theirs. */
public final class ConvBatchNormRelu {
  private final Conv2d conv;
  private final BatchNorm norm = new BatchNorm();
  private final Relu relu = new Relu();
  private final Scratch convOut = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch dNorm = new Scratch();
  private final Scratch dConv = new Scratch();

  public ConvBatchNormRelu(Window window) {
    conv = new Conv2d(window);
  }

  /** What the backward pass needs; it holds until the next forward pass of the same kernel. */
  public record Cache(Conv2d.Cache conv, BatchNorm.Cache norm) {
    /** N x F x OH x OW over channels-last memory. */
    public INDArray out() {
      return norm.out();
    }
  }

  /** See {@link Conv2d#forward} and {@link BatchNorm#forward}. */
  public Cache forward(
      INDArray x,
      INDArray w,
      INDArray b,
      BatchNorm.Parameters p,
      boolean training,
      Allocator allocator) {
    Conv2d.Cache convolved = conv.forward(x, w, b, convOut::get);
    BatchNorm.Cache normed = norm.forward(convolved.out(), p, training, allocator);
    relu.forwardInPlace(normed.out().permute(0, 2, 3, 1));
    return new Cache(convolved, normed);
  }

  /** See {@link BatchNorm#updateRunning}. */
  public void updateRunning(Cache cache) {
    norm.updateRunning(cache.norm);
  }

  /** See {@link Conv2d#backward} and {@link BatchNorm#backward}. */
  public INDArray backward(
      INDArray dOut,
      Cache cache,
      INDArray dW,
      INDArray db,
      INDArray dGamma,
      INDArray dBeta,
      Allocator allocator) {
    Check.shape("ConvBatchNormRelu", "dOut", dOut, cache.out().shape());
    INDArray out = cache.out().permute(0, 2, 3, 1);
    INDArray masked = dNorm.get(dOut.dataType(), out.shape());
    relu.backward(Layout.channelsLast(dOut, outputGradient), out, masked);
    INDArray dConvOut =
        norm.backward(Layout.channelsFirstView(masked), cache.norm, dGamma, dBeta, dConv::get);
    return conv.backward(dConvOut, cache.conv, dW, db, allocator);
  }
}
