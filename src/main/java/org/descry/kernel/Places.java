package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The places of maps one behind another, row by row, each with its channels side by side.
 *
 * <p>Shapes: x is N x C x H x W, fast over channels-last memory, out is N x (H W C). Types: FLOAT
 * or DOUBLE.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class Places {
  private final Scratch flat = new Scratch();

  /** What the backward pass needs: the shape of x. */
  public record Cache(INDArray x, INDArray out) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, Allocator allocator) {
    Check.shape("Places", "x", x, -1, -1, -1, -1);
    Check.type("Places", x);
    long n = x.size(0);
    INDArray out = allocator.create(x.dataType(), n, x.length() / n);
    Layout.reshape(out, n, x.size(2), x.size(3), x.size(1)).assign(x.permute(0, 2, 3, 1));
    return new Cache(x, out);
  }

  /**
   * @return dX in the shape of x, over channels-last memory
   */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("Places", "dOut", dOut, cache.out.shape());
    INDArray x = cache.x;
    INDArray dX = allocator.create(x.dataType(), x.size(0), x.size(2), x.size(3), x.size(1));
    Layout.reshape(dX, dOut.shape()).assign(Layout.rowMajor(dOut, flat));
    return Layout.channelsFirstView(dX);
  }
}
