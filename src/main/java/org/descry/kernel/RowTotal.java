package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums along the rows of a matrix: N x K gives N x 1, as a product with a column of ones. */
final class RowTotal {
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final Scratch scratch = new Scratch();
  private INDArray ones;

  /** {@code out[n] = sum over k of rows[n][k]}; rows is N x K, out is N x 1. */
  void run(INDArray rows, INDArray out) {
    if (ones == null || ones.length() != rows.size(1) || ones.dataType() != rows.dataType()) {
      ones = scratch.get(rows.dataType(), rows.size(1), 1);
      Tape.once(() -> ones.assign(1));
    }
    product.in(rows, ones).out(out).run();
  }
}
