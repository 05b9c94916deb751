package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
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
    pool = op("maxpool2d", window);
    poolBackward = op("maxpool2d_bp", window);
  }

  private static NativeOp op(String name, Window w) {
    long dilation = 1;
    long explicitPadding = 0;
    long unused = 0;
    long channelsLast = 1;
    return new NativeOp(
        name,
        w.height(),
        w.width(),
        w.strideHeight(),
        w.strideWidth(),
        0,
        0,
        dilation,
        dilation,
        explicitPadding,
        unused,
        channelsLast);
  }

  /** What the backward pass needs; {@code inputLast} is x as N x H x W x C. */
  public record Cache(INDArray inputLast, INDArray out) {}

  /**
   * @throws IllegalArgumentException for a shape or type other than the class describes
   */
  public Cache forward(INDArray x, Allocator allocator) {
    Check.shape("MaxPool2d", "x", x, -1, -1, -1, -1);
    Check.type("MaxPool2d", x);
    long outHeight = window.outHeight(x.size(2));
    long outWidth = window.outWidth(x.size(3));
    INDArray xLast = Layout.channelsLast(x, input);
    INDArray out = allocator.create(x.dataType(), x.size(0), outHeight, outWidth, x.size(1));
    pool.in(xLast).out(out).run();
    return new Cache(xLast, Layout.channelsFirstView(out));
  }

  /**
   * @return dX in the shape of x over channels-last memory
   */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("MaxPool2d", "dOut", dOut, cache.out.shape());
    INDArray dX = allocator.create(dOut.dataType(), cache.inputLast.shape());
    poolBackward.in(cache.inputLast, Layout.channelsLast(dOut, outputGradient)).out(dX).run();
    return Layout.channelsFirstView(dX);
  }
}
