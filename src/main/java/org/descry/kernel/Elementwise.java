package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.dnn.FastOp;
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

  private final FastOp function;
  private final FastOp gradient;

  /**
   * @param function oneDNN's, or null for none
   * @param gradient oneDNN's way back, or null for none
   */
  Elementwise(FastOp function, FastOp gradient) {
    this.function = function;
    this.gradient = gradient;
  }

  /** Whether the derivative is computed from the input, not from the output. */
  boolean readsInput() {
    return false;
  }

  /**
   * @param out where the result goes; x itself, unless {@link #readsInput}
   */
  final void apply(INDArray x, INDArray out) {
    if (function == null || !function.run(new INDArray[] {x}, out)) {
      compose(x, out);
    }
  }

  /** {@link #apply} by ND4J's operations, where oneDNN has no part in it. */
  abstract void compose(INDArray x, INDArray out);

  /**
   * @param seen see {@link Cache}
   * @param dX where {@code dOut} times the derivative goes; neither of the others
   */
  final void backward(INDArray dOut, INDArray seen, INDArray dX) {
    if (gradient == null || !gradient.run(new INDArray[] {seen, dOut}, dX)) {
      composeBackward(dOut, seen, dX);
    }
  }

  /** {@link #backward(INDArray, INDArray, INDArray)} by ND4J's operations. */
  abstract void composeBackward(INDArray dOut, INDArray seen, INDArray dX);

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
