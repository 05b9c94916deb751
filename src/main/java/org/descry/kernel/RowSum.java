package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums the rows of a matrix as a product with a row of ones, which is several times faster than the
 * native sum.
 */
final class RowSum {
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final Scratch scratch = new Scratch();
  private INDArray ones;

  /** {@code out[m] = sum over n of rows[n][m]}; rows is N x M, out is M. */
  void run(INDArray rows, INDArray out) {
    if (ones == null || ones.length() != rows.size(0) || ones.dataType() != rows.dataType()) {
      ones = scratch.get(rows.dataType(), 1, rows.size(0));
      Tape.once(() -> ones.assign(1));
    }
    product.in(ones, rows).out(Layout.reshape(out, 1, rows.size(1))).run();
  }
}
