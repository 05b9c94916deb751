package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.dnn.MaxPooling;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional max pooling: {@code out[n,c,i,j] = max over p,q of x[n,c,i s + p, j s + q]}.
 *
 * <p>Shapes: x is N x C x H x W in any strides (fastest over channels-last memory), out is N x C x
 * OH x OW over channels-last memory. Types: FLOAT or DOUBLE. Padding is not supported.
 *
 * <p>Backward: each dOut goes to the window's maximum, and to the first one in row-major order
 * where several are equal, as cuDNN and PyTorch have it; windows that overlap add up.
 */
public final class MaxPool2d {
  private final Window window;
  private final MaxPooling fast;
  private final NativeOp pool;
  private final NativeOp poolBackward;
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();

  public MaxPool2d(Window window) {
    if (window.padHeight() != 0 || window.padWidth() != 0) {
      throw new IllegalArgumentException(
          "MaxPool2d: expected no padding, got " + window.padHeight() + " x " + window.padWidth());
    }
    this.window = window;
    fast =
        new MaxPooling(
            new long[] {window.height(), window.width()},
            new long[] {window.strideHeight(), window.strideWidth()});
    long unused = 0;
    long channelsLast = 1;
    pool = Conv2d.op("maxpool2d", window, unused, channelsLast);
    poolBackward = Conv2d.op("maxpool2d_bp", window, unused, channelsLast);
  }

  MaxPooling fast() {
    return fast;
  }

  /**
   * What the backward pass needs; {@code inputLast} is x as N x H x W x C.
   *
   * @param places where the maxima stand, in oneDNN's own way, or null where ND4J pooled
   */
  public record Cache(INDArray inputLast, INDArray out, INDArray places) {}

  /**
   * @throws IllegalArgumentException for a shape or type other than the class describes
   */
  public Cache forward(INDArray x, Allocator allocator) {
    return forward(x, true, allocator);
  }

  /**
   * @param training whether a backward pass is likely, which otherwise takes longer
   */
  Cache forward(INDArray x, boolean training, Allocator allocator) {
    Cache cache = prepare(x, training, allocator);
    run(cache);
    return cache;
  }

  /** What a forward pass leaves, but for the numbers in its result. */
  Cache prepare(INDArray x, boolean training, Allocator allocator) {
    Check.shape("MaxPool2d", "x", x, -1, -1, -1, -1);
    Check.type("MaxPool2d", x);
    long outHeight = window.outHeight(x.size(2));
    long outWidth = window.outWidth(x.size(3));
    INDArray xLast = Layout.channelsLast(x, input);
    INDArray out = allocator.create(x.dataType(), x.size(0), outHeight, outWidth, x.size(1));
    long bytes = training ? fast.places(xLast, out) : 0;
    INDArray places = bytes > 0 ? allocator.create(DataType.BYTE, bytes) : null;
    return new Cache(xLast, Layout.channelsFirstView(out), places);
  }

  /** Does what was prepared. */
  void run(Cache cache) {
    INDArray out = cache.out.permute(0, 2, 3, 1);
    if (fast.places(cache.inputLast, out) > 0) {
      fast.forward(cache.inputLast, out, cache.places);
    } else {
      pool.in(cache.inputLast).out(out).run();
    }
  }

  /**
   * @return dX in the shape of x over channels-last memory
   */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("MaxPool2d", "dOut", dOut, cache.out.shape());
    INDArray dX = allocator.create(dOut.dataType(), cache.inputLast.shape());
    INDArray dOutLast = Layout.channelsLast(dOut, outputGradient);
    if (cache.places != null) {
      fast.backward(dOutLast, cache.places, dX);
    } else {
      poolBackward.in(cache.inputLast, dOutLast).out(dX).run();
    }
    return Layout.channelsFirstView(dX);
  }
}
