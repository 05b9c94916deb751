package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@link Conv2d}, {@link BatchNorm}, {@link Relu}, {@link MaxPool2d}. Max and rectifier commute, so
 * it pools first and rectifies the few values that are left: the result is the same to the bit.
 * Shapes and types are theirs.
 */
public final class ConvBatchNormReluPool {
  private final Conv2d conv;
  private final BatchNorm norm = new BatchNorm();
  private final MaxPool2d pool;
  private final Relu relu = new Relu();
  private final Scratch convOut = new Scratch();
  private final Scratch normOut = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch dPool = new Scratch();
  private final Scratch dNorm = new Scratch();
  private final Scratch dConv = new Scratch();

  public ConvBatchNormReluPool(Window conv, Window pool) {
    this.conv = new Conv2d(conv);
    this.pool = new MaxPool2d(pool);
  }

  /** What the backward pass needs; it holds until the next forward pass of the same kernel. */
  public record Cache(Conv2d.Cache conv, BatchNorm.Cache norm, MaxPool2d.Cache pool) {
    /** N x F x OH x OW over channels-last memory. */
    public INDArray out() {
      return pool.out();
    }
  }

  /** See {@link Conv2d#forward}, {@link BatchNorm#forward} and {@link MaxPool2d#forward}. */
  public Cache forward(
      INDArray x,
      INDArray w,
      INDArray b,
      BatchNorm.Parameters p,
      boolean training,
      Allocator allocator) {
    Conv2d.Cache convolved = conv.forward(x, w, b, convOut::get);
    BatchNorm.Cache normed = norm.forward(convolved.out(), p, training, normOut::get);
    MaxPool2d.Cache pooled = pool.forward(normed.out(), allocator);
    relu.forwardInPlace(pooled.out().permute(0, 2, 3, 1));
    return new Cache(convolved, normed, pooled);
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
    Check.shape("ConvBatchNormReluPool", "dOut", dOut, cache.out().shape());
    INDArray out = cache.out().permute(0, 2, 3, 1);
    INDArray masked = dPool.get(dOut.dataType(), out.shape());
    relu.backward(Layout.channelsLast(dOut, outputGradient), out, masked);
    INDArray dNormOut = pool.backward(Layout.channelsFirstView(masked), cache.pool, dNorm::get);
    INDArray dConvOut = norm.backward(dNormOut, cache.norm, dGamma, dBeta, dConv::get);
    return conv.backward(dConvOut, cache.conv, dW, db, allocator);
  }
}
