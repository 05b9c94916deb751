package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Layer normalisation (Ba, Kiros and Hinton, 2016): {@code out = gamma xhat + beta} with {@code
 * xhat = (x - mean) / sqrt(variance + eps)}, mean and (biased) variance being those of each row.
 * Training and testing are the same.
 *
 * <p>Shapes: x is N x D, or N x T x D (fastest over time-major memory), which is T N rows; gamma
 * and beta are D; out has the shape of x. Types: all FLOAT or all DOUBLE.
 *
 * <p>Backward, with {@code dXhat = dOut gamma}: {@code dBeta = sum of dOut, dGamma = sum of dOut
 * xhat} over the rows, {@code dX = (dXhat - mean of dXhat - xhat mean of (dXhat xhat)) /
 * sqrt(variance + eps)}, the means along each row.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class LayerNorm {
  /** What is added to the variance. */
  public static final double EPSILON = 1e-5;

  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp scaleAndShift = new NativeOp("multiply").then("biasadd");
  private final NativeOp combine = new NativeOp("subtract").then("subtract").then("multiply");
  private final RowTotal rowTotal = new RowTotal();
  private final RowSum rowSum = new RowSum();
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch normalized = new Scratch();
  private final Scratch inverseStd = new Scratch();
  private final Scratch columns = new Scratch();
  private final Scratch products = new Scratch();

  /**
   * What the backward pass needs; it holds until the next forward pass of the same kernel.
   *
   * @param normalized xhat as rows of D
   * @param inverseStd {@code 1 / sqrt(variance + eps)} of each row, a column
   */
  public record Cache(INDArray normalized, INDArray inverseStd, INDArray gamma, INDArray out) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(INDArray x, INDArray gamma, INDArray beta, Allocator allocator) {
    if (x.rank() != 2) {
      Check.shape("LayerNorm", "x", x, -1, -1, -1);
    }
    long width = x.size(-1);
    Check.shape("LayerNorm", "gamma", gamma, width);
    Check.shape("LayerNorm", "beta", beta, width);
    Check.type("LayerNorm", x, gamma, beta);
    INDArray rows = rows(x, input);
    INDArray memory = memory(x, allocator);
    INDArray out = Layout.reshape(memory, rows.shape());
    INDArray xhat = normalized.get(x.dataType(), rows.shape());
    INDArray inverse = inverseStd.get(x.dataType(), rows.size(0), 1);

    subtract.in(rows, rowMean(rows)).out(xhat).run();
    multiply.in(xhat, xhat).out(out).run();
    inverse.assign(rowMean(out)).addi(EPSILON);
    Nd4j.getExecutioner().exec(new RSqrt(inverse, inverse));
    multiply.in(xhat, inverse).out(xhat).run();
    scaleAndShift.in(xhat, gamma, beta).out(out).run();
    return new Cache(xhat, inverse, gamma, seen(memory));
  }

  /**
   * Writes the parameters' gradients into {@code dGamma} and {@code dBeta}.
   *
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return dX in the shape of x, or null
   */
  public INDArray backward(
      INDArray dOut, Cache cache, INDArray dGamma, INDArray dBeta, Allocator allocator) {
    Check.shape("LayerNorm", "dOut", dOut, cache.out.shape());
    INDArray rows = rows(dOut, outputGradient);
    INDArray product = products.get(dOut.dataType(), rows.shape());
    multiply.in(rows, cache.normalized).out(product).run();
    rowSum.run(product, dGamma);
    rowSum.run(rows, dBeta);
    if (allocator == null) {
      return null;
    }
    INDArray memory = memory(dOut, allocator);
    INDArray dX = Layout.reshape(memory, rows.shape());
    multiply.in(product, cache.gamma).out(product).run();
    multiply.in(cache.normalized, rowMean(product)).out(product).run();
    multiply.in(rows, cache.gamma).out(dX).run();
    combine.in(dX, rowMean(dX), product, cache.inverseStd).out(dX).run();
    return seen(memory);
  }

  /** The mean of each row as a column, which holds until the next call. */
  private INDArray rowMean(INDArray rows) {
    INDArray mean = columns.get(rows.dataType(), rows.size(0), 1);
    rowTotal.run(rows, mean);
    return mean.muli(1.0 / rows.size(1));
  }

  private static INDArray rows(INDArray x, Scratch scratch) {
    return x.rank() == 2 ? Layout.rowMajor(x, scratch) : Layout.timeMajorRows(x, scratch);
  }

  private static INDArray memory(INDArray like, Allocator allocator) {
    return like.rank() == 2
        ? allocator.create(like.dataType(), like.shape())
        : allocator.create(like.dataType(), like.size(1), like.size(0), like.size(2));
  }

  private static INDArray seen(INDArray memory) {
    return memory.rank() == 2 ? memory : memory.permute(1, 0, 2);
  }
}
