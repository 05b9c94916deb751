package org.descry.layer;

import java.util.Map;
import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.descry.kernel.SoftAttention;
import org.descry.kernel.StackedRnn;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The passes of an {@link AttentionRnnVertex}: those of its stack, of which the first layer looks.
 */
final class AttentionPass implements RecurrentPass {
  private final AttentionRnnVertex vertex;
  private final SoftAttention attention;
  private final RecurrentPass stack;
  private final Scratch grids = new Scratch();
  private final Scratch stateGradients = new Scratch();
  private INDArray grid;

  AttentionPass(AttentionRnnVertex vertex) {
    this.vertex = vertex;
    attention = new SoftAttention(vertex.penalty());
    RnnVertex own = vertex.stack();
    stack = new StackPass(own, new StackedRnn(own.cell(), vertex.layers(), attention));
  }

  private INDArray states(INDArray scene) {
    return scene.get(NDArrayIndex.all(), NDArrayIndex.interval(0, vertex.statesOfCells()));
  }

  private INDArray places(INDArray scene) {
    return scene.get(
        NDArrayIndex.all(), NDArrayIndex.interval(vertex.statesOfCells(), vertex.stateWidth()));
  }

  private INDArray flat(INDArray maps) {
    return maps.reshape('c', maps.size(0), vertex.places() * vertex.channels());
  }

  @Override
  public INDArray forward(
      INDArray x, INDArray h0, Map<String, INDArray> params, INDArray mask, Allocator to) {
    INDArray seen = grids.get(x.dataType(), x.size(0), vertex.places(), vertex.channels());
    Tape.run(() -> grid = seen);
    flat(seen).assign(places(h0));
    attention.begin(seen, AttentionRnnVertex.attention(params), mask, x.size(1));
    INDArray out = stack.forward(x, states(h0), params, mask, to);
    attention.end();
    return out;
  }

  @Override
  public StackedRnn.Gradients backward(
      INDArray dOut, Map<String, INDArray> gradients, Allocator toX, Allocator toH0) {
    attention.startBackward(AttentionRnnVertex.attention(gradients));
    StackedRnn.Gradients flow = stack.backward(dOut, gradients, toX, stateGradients::get);
    INDArray dScene = toH0.create(dOut.dataType(), dOut.size(0), vertex.stateWidth());
    states(dScene).assign(flow.dH0());
    places(dScene).assign(flat(attention.gridGradient()));
    return new StackedRnn.Gradients(flow.dX(), dScene);
  }

  @Override
  public void copyLast(INDArray into) {
    INDArray last = stateGradients.get(into.dataType(), into.size(0), vertex.statesOfCells());
    stack.copyLast(last);
    states(into).assign(last);
    places(into).assign(flat(grid));
  }

  @Override
  public double penalty() {
    return attention.penalty();
  }

  /** The penalty of a batch is known as a whole. */
  @Override
  public boolean takesExamplesApart() {
    return vertex.penalty() == 0;
  }
}
