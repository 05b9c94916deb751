package org.descry.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.descry.kernel.StackedRnn;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The passes of an {@link RnnVertex}: its kernel, sums of biases, and what it gives of states. */
final class StackPass implements RecurrentPass {
  private final RnnVertex vertex;
  private final StackedRnn kernel;
  private final Scratch sequence = new Scratch();
  private final Scratch states = new Scratch();
  private final Scratch[] biases;
  private final InputAndState both = new InputAndState();
  private StackedRnn.Cache cache;

  StackPass(RnnVertex vertex, StackedRnn kernel) {
    this.vertex = vertex;
    this.kernel = kernel;
    biases = new Scratch[vertex.twoBiases() ? vertex.cells() : 0];
    Arrays.setAll(biases, i -> new Scratch());
  }

  /** The arrays of a table (parameters or gradients) cell by cell. */
  private List<StackedRnn.Parameters> cells(Map<String, INDArray> table) {
    List<StackedRnn.Parameters> cells = new ArrayList<>();
    for (int i = 0; i < vertex.cells(); i++) {
      cells.add(
          new StackedRnn.Parameters(table.get("Wx" + i), table.get("Wh" + i), table.get("b" + i)));
    }
    return cells;
  }

  /** The parameters, cell by cell, with the sums of biases. */
  private List<StackedRnn.Parameters> summed(Map<String, INDArray> params) {
    List<StackedRnn.Parameters> cells = cells(params);
    for (int i = 0; i < biases.length; i++) {
      StackedRnn.Parameters cell = cells.get(i);
      INDArray b = biases[i].get(cell.b().dataType(), cell.b().shape()).assign(cell.b());
      b.addi(params.get(RnnVertex.SECOND_BIAS + i));
      cells.set(i, new StackedRnn.Parameters(cell.wX(), cell.wH(), b));
    }
    return cells;
  }

  @Override
  public INDArray forward(
      INDArray x, INDArray h0, Map<String, INDArray> params, INDArray mask, Allocator to) {
    boolean joins = vertex.readout() == RnnVertex.Readout.INPUT_AND_STATE;
    Allocator toSequence = vertex.givesSequence() && !joins ? to : sequence::get;
    StackedRnn.Cache left = kernel.forward(x, h0, summed(params), mask, toSequence);
    Tape.run(() -> cache = left);
    if (joins) {
      return both.forward(x, h0, left.out(), to);
    }
    return vertex.givesSequence() ? left.out() : finalStates(left, to);
  }

  private INDArray finalStates(StackedRnn.Cache left, Allocator to) {
    DataType type = left.out().dataType();
    long n = left.out().size(0);
    Allocator toAll = givesAll() ? to : states::get;
    INDArray all = toAll.create(type, n, vertex.stateWidth());
    left.copyLast(all);
    if (givesAll()) {
      return all;
    }
    INDArray out = to.create(type, n, vertex.directions() * vertex.hidden());
    for (int direction = 0; direction < vertex.directions(); direction++) {
      columns(out, direction).assign(columns(all, vertex.stateOfLast(direction)));
    }
    return out;
  }

  private boolean givesAll() {
    return vertex.readout() == RnnVertex.Readout.ALL_FINAL_STATES;
  }

  private INDArray columns(INDArray array, int block) {
    long hidden = vertex.hidden();
    return array.get(
        NDArrayIndex.all(), NDArrayIndex.interval(block * hidden, (block + 1) * hidden));
  }

  @Override
  public StackedRnn.Gradients backward(
      INDArray dOut, Map<String, INDArray> gradients, Allocator toX, Allocator toH0) {
    boolean joins = vertex.readout() == RnnVertex.Readout.INPUT_AND_STATE;
    long width = dOut.rank() == 3 ? dOut.size(2) - vertex.hidden() : 0;
    INDArray dSequence = joins ? both.ofStates(dOut, width) : dOut;
    StackedRnn.Gradients flow =
        vertex.givesSequence()
            ? kernel.backward(dSequence, cache, cells(gradients), toX, toH0)
            : kernel.backward(null, ofAll(dOut), cache, cells(gradients), toX, toH0);
    if (joins) {
      both.add(dOut, flow.dX(), flow.dH0(), width);
    }
    for (int i = 0; i < biases.length; i++) {
      gradients.get(RnnVertex.SECOND_BIAS + i).assign(gradients.get("b" + i));
    }
    return flow;
  }

  /** The gradient of all final states. */
  private INDArray ofAll(INDArray dOut) {
    if (givesAll()) {
      return dOut;
    }
    INDArray all = states.get(dOut.dataType(), dOut.size(0), vertex.stateWidth()).assign(0);
    for (int direction = 0; direction < vertex.directions(); direction++) {
      columns(all, vertex.stateOfLast(direction)).assign(columns(dOut, direction));
    }
    return all;
  }

  @Override
  public void copyLast(INDArray into) {
    cache.copyLast(into);
  }
}
