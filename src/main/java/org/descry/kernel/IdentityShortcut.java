package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The shortcut without parameters of a residual block that widens or shrinks its maps (He et al.,
 * 2016, option A): every stride-th pixel, and zeros in the channels that the input does not have.
 *
 * <p>Shapes: x is N x C x H x W in any strides, out is N x F x ceil(H / stride) x ceil(W / stride)
 * over channels-last memory, F at least C. Types: FLOAT or DOUBLE.
 *
 * <p>Backward: {@code dX[n,c,i,j] = dOut[n,c,i / stride,j / stride]} where the pixel was taken,
 * else 0.
 */
public final class IdentityShortcut {
  private final long channels;
  private final int stride;

  /**
   * @param channels F
   * @param stride from a pixel that is taken to the next, at least 1
   */
  public IdentityShortcut(long channels, int stride) {
    if (channels < 1 || stride < 1) {
      throw new IllegalArgumentException(
          "IdentityShortcut: expected channels and a stride of at least 1, got %s and %s"
              .formatted(channels, stride));
    }
    this.channels = channels;
    this.stride = stride;
  }

  /** What the backward pass needs: the shape of x. */
  public record Cache(long[] shape, INDArray out) {}

  /**
   * @throws IllegalArgumentException for a shape or type other than the class describes
   */
  public Cache forward(INDArray x, Allocator allocator) {
    Check.shape("IdentityShortcut", "x", x, -1, -1, -1, -1);
    Check.type("IdentityShortcut", x);
    if (x.size(1) > channels) {
      throw new IllegalArgumentException(
          "IdentityShortcut: expected at most %s channels, got %s".formatted(channels, x.size(1)));
    }
    INDArray out =
        allocator.create(x.dataType(), x.size(0), taken(x.size(2)), taken(x.size(3)), channels);
    if (x.size(1) < channels) {
      out.assign(0);
    }
    first(out, x.size(1)).assign(pixels(x.permute(0, 2, 3, 1)));
    return new Cache(x.shape(), Layout.channelsFirstView(out));
  }

  /**
   * @return dX in the shape of x over channels-last memory
   */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("IdentityShortcut", "dOut", dOut, cache.out.shape());
    long[] shape = cache.shape;
    INDArray dX = allocator.create(dOut.dataType(), shape[0], shape[2], shape[3], shape[1]);
    if (stride > 1) {
      dX.assign(0);
    }
    pixels(dX).assign(first(dOut.permute(0, 2, 3, 1), shape[1]));
    return Layout.channelsFirstView(dX);
  }

  private long taken(long size) {
    return (size + stride - 1) / stride;
  }

  private INDArray pixels(INDArray last) {
    if (stride == 1) {
      return last;
    }
    return last.get(
        NDArrayIndex.all(),
        Layout.every(stride, last.size(1)),
        Layout.every(stride, last.size(2)),
        NDArrayIndex.all());
  }

  private static INDArray first(INDArray last, long channels) {
    if (last.size(3) == channels) {
      return last;
    }
    return last.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(0, channels));
  }
}
