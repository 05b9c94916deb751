package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adds a bias at every step of a sequence: {@code out[n,t] = x[n,t] + b}.
 *
 * <p>Shapes: x and out are N x T x M, fastest over time-major memory; b is M. Types: all FLOAT or
 * all DOUBLE.
 *
 * <p>Backward: {@code db} is the sum of dOut over examples and steps, {@code dX = dOut}.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class TemporalBias {
  private final NativeOp addRow = new NativeOp("biasadd");
  private final RowSum rowSum = new RowSum();
  private final Scratch input = new Scratch();
  private final Scratch outputGradient = new Scratch();

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public INDArray forward(INDArray x, INDArray b, Allocator allocator) {
    Check.shape("TemporalBias", "x", x, -1, -1, b.length());
    Check.shape("TemporalBias", "b", b, b.length());
    Check.type("TemporalBias", x, b);
    INDArray rows = Layout.timeMajorRows(x, input);
    INDArray out = allocator.create(x.dataType(), x.size(1), x.size(0), x.size(2));
    addRow.in(rows, b).out(Layout.reshape(out, rows.shape())).run();
    return out.permute(1, 0, 2);
  }

  /**
   * Writes the bias's gradient into {@code db}.
   *
   * @param allocator where dX goes, or null where nobody needs it
   * @return dX, N x T x M, or null
   */
  public INDArray backward(INDArray dOut, INDArray db, Allocator allocator) {
    Check.shape("TemporalBias", "dOut", dOut, -1, -1, db.length());
    INDArray rows = Layout.timeMajorRows(dOut, outputGradient);
    rowSum.run(rows, db);
    if (allocator == null) {
      return null;
    }
    INDArray dX = allocator.create(dOut.dataType(), dOut.size(1), dOut.size(0), dOut.size(2));
    Layout.reshape(dX, rows.shape()).assign(rows);
    return dX.permute(1, 0, 2);
  }
}
