package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Scores words by the table that {@link WordEmbedding} looks them up in: {@code out[n,t] = x[n,t]
 * W^T}, one matrix product over all steps.
 *
 * <p>Shapes: x is N x T x D, W is V x D, out is N x T x V; sequences are fastest over time-major
 * memory. Types: all FLOAT or all DOUBLE.
 *
 * <p>Backward: {@code dX = dOut W, dW = dOut^T X}, in two calls, since the table has another
 * gradient, to which this one is added.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class TiedScores {
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp productTransposeB = new NativeOp("matmul", 0, 1, 0);
  private final NativeOp addProductTransposeA = new NativeOp("matmul", 1, 0, 0).reals(1, 1);
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();

  /** What the backward pass needs; {@code rows} is x as (T N) x D. */
  public record Cache(INDArray rows, INDArray w, INDArray out) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, INDArray w, Allocator allocator) {
    Check.shape("TiedScores", "W", w, -1, -1);
    Check.shape("TiedScores", "x", x, -1, -1, w.size(1));
    Check.type("TiedScores", x, w);
    INDArray rows = Layout.timeMajorRows(x, input);
    INDArray out = allocator.create(x.dataType(), x.size(1), x.size(0), w.size(0));
    productTransposeB.in(rows, w).out(Layout.reshape(out, rows.size(0), w.size(0))).run();
    return new Cache(rows, w, out.permute(1, 0, 2));
  }

  /** Returns dX, N x T x D. */
  public INDArray backward(INDArray dOut, Cache cache, Allocator allocator) {
    Check.shape("TiedScores", "dOut", dOut, cache.out.shape());
    INDArray rows = Layout.timeMajorRows(dOut, outputGradient);
    long width = cache.w.size(1);
    INDArray dX = allocator.create(dOut.dataType(), dOut.size(1), dOut.size(0), width);
    product.in(rows, cache.w).out(Layout.reshape(dX, rows.size(0), width)).run();
    return dX.permute(1, 0, 2);
  }

  /** Adds the table's gradient to what {@code dW} holds. */
  public void addWeightGradient(INDArray dOut, Cache cache, INDArray dW) {
    Check.shape("TiedScores", "dW", dW, cache.w.shape());
    INDArray rows = Layout.timeMajorRows(dOut, outputGradient);
    addProductTransposeA.in(rows, cache.rows).out(dW).run();
  }
}
