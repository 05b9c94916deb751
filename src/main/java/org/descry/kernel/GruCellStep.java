package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The step of a {@link Gru}: the state is h. */
final class GruCellStep implements CellStep {
  private static final int BUFFERS = 4;

  private final NativeOp split = new NativeOp("split", RnnCell.GRU.gates(), 1);
  private final GruGates gates = new GruGates();
  private final Steps buffers = new Steps();

  @Override
  public void run(INDArray a, INDArray wH, INDArray[] before, INDArray[] after) {
    buffers.buffer(a.dataType(), BUFFERS, a.size(0), wH.size(0));
    var parts = new GruGates.Parts(buffers.step(0), buffers.step(1), buffers.step(2));
    split.in(a).out(parts.r(), parts.z(), parts.n()).run();
    gates.advance(before[0], wH, parts, buffers.step(3), after[0]);
  }
}
