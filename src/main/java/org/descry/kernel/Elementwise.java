package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A nonlinearity, element by element, on an array of any shape in row-major memory. Types: FLOAT or
 * DOUBLE.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public abstract class Elementwise {
  /**
   * What the backward pass needs.
   *
   * @param seen the output, or the input of a function whose derivative its output does not tell
   */
  public record Cache(INDArray seen, INDArray out) {}

  /** Whether the derivative is computed from the input, not from the output. */
  boolean readsInput() {
    return false;
  }

  /**
   * @param out where the result goes; x itself, unless {@link #readsInput}
   */
  abstract void apply(INDArray x, INDArray out);

  /**
   * @param seen see {@link Cache}
   * @param dX where {@code dOut} times the derivative goes; neither of the others
   */
  abstract void backward(INDArray dOut, INDArray seen, INDArray dX);

  /**
   * @return the result in a new array of the shape of x
   */
  public final Cache forward(INDArray x, Allocator allocator) {
    Check.type(getClass().getSimpleName(), x);
    INDArray out = allocator.create(x.dataType(), x.shape());
    apply(x, out);
    return new Cache(readsInput() ? x : out, out);
  }

  /**
   * @return dX in a new array of the shape of x
   */
  public final INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape(getClass().getSimpleName(), "dOut", dOut, cache.out.shape());
    INDArray dX = allocator.create(cache.out.dataType(), cache.out.shape());
    backward(dOut, cache.seen, dX);
    return dX;
  }
}
