package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The step of an {@link Lstm}: the state is h and c. */
final class LstmCellStep implements CellStep {
  private static final int BUFFERS = 5;

  private final LstmGates gates = new LstmGates();
  private final Steps buffers = new Steps();

  @Override
  public void run(INDArray a, INDArray wH, INDArray[] before, INDArray[] after) {
    long hidden = wH.size(0);
    buffers.buffer(a.dataType(), BUFFERS, a.size(0), hidden);
    gates.prepare(a.dataType(), hidden);
    var parts =
        new LstmGates.Parts(buffers.step(0), buffers.step(1), buffers.step(2), buffers.step(3));
    gates.advance(before[0], wH, a, before[1], parts, after[1], buffers.step(4), after[0]);
  }
}
