package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean of each channel over its whole map: {@code out[n,c] = sum over i,j of x[n,c,i,j] / (H
 * W)}.
 *
 * <p>Shapes: x is N x C x H x W in any strides (fastest over channels-last memory), out is N x C.
 * Types: FLOAT or DOUBLE.
 *
 * <p>Backward: {@code dX[n,c,i,j] = dOut[n,c] / (H W)}.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class GlobalAveragePool {
  private final NativeOp mean = new NativeOp("reduce_mean", 1);
  private final NativeOp add = new NativeOp("add");
  private final Scratch input = new Scratch();
  private final Scratch shares = new Scratch();

  /**
   * What the backward pass needs.
   *
   * @param height H
   * @param width W
   */
  public record Cache(long height, long width, INDArray out) {}

  /**
   * @throws IllegalArgumentException for a shape or type other than the class describes
   */
  public Cache forward(INDArray x, Allocator allocator) {
    Check.shape("GlobalAveragePool", "x", x, -1, -1, -1, -1);
    Check.type("GlobalAveragePool", x);
    INDArray out = allocator.create(x.dataType(), x.size(0), x.size(1));
    INDArray pixels =
        Layout.reshape(Layout.channelsLast(x, input), x.size(0), x.size(2) * x.size(3), x.size(1));
    mean.in(pixels).out(out).run();
    return new Cache(x.size(2), x.size(3), out);
  }

  /**
   * @return dX in the shape of x over channels-last memory
   */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("GlobalAveragePool", "dOut", dOut, cache.out.shape());
    long rows = dOut.size(0);
    long channels = dOut.size(1);
    INDArray share = shares.get(dOut.dataType(), dOut.shape()).assign(dOut);
    share.muli(1.0 / (cache.height * cache.width));
    INDArray dX = allocator.create(dOut.dataType(), rows, cache.height, cache.width, channels);
    dX.assign(0);
    INDArray pixels = Layout.reshape(dX, rows, cache.height * cache.width, channels);
    add.in(pixels, Layout.reshape(share, rows, 1, channels)).out(pixels).run();
    return Layout.channelsFirstView(dX);
  }
}
