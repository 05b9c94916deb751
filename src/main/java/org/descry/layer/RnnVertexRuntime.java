package org.descry.layer;

import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.samediff.SameDiffGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.Allocator;
import org.descry.kernel.StackedRnn;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs the recurrent kernels where the stock runtime would interpret the vertex's SameDiff graph.
 */
final class RnnVertexRuntime extends SameDiffGraphVertex {
  private final AbstractRnnVertex vertex;
  private final transient RecurrentPass pass;
  private boolean passed;
  private INDArray mask;
  private long backwardPasses;

  RnnVertexRuntime(
      AbstractRnnVertex vertex,
      ComputationGraph graph,
      String name,
      int index,
      INDArray paramsView,
      boolean initialize,
      DataType type) {
    super(vertex, graph, name, index, paramsView, initialize, type);
    this.vertex = vertex;
    pass = vertex.recurrentPass();
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray h0 = vertex.hasInitialState() ? eachRow(inputs[1], inputs[0].size(0)) : null;
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATIONS);
    passed = true;
    return pass.forward(inputs[0], h0, paramTable, mask, allocator);
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATION_GRAD);
    boolean initialState = vertex.hasInitialState();
    StackedRnn.Gradients flow =
        pass.backward(epsilon, gradTable, allocator, initialState ? allocator : null);
    backwardPasses++;
    Gradient gradient = new DefaultGradient(gradients);
    gradTable.forEach(gradient.gradientForVariable()::put);
    INDArray[] dInputs =
        initialState
            ? new INDArray[] {flow.dX(), sumOfShared(flow.dH0(), inputs[1].size(0), allocator)}
            : new INDArray[] {flow.dX()};
    return new Pair<>(gradient, dInputs);
  }

  /** The initial state of each sequence; a state that several share is repeated. */
  private static INDArray eachRow(INDArray h0, long sequences) {
    long states = h0.size(0);
    if (states < 1 || sequences % states != 0) {
      throw new IllegalArgumentException(
          "RnnVertex: expected a number of sequences that is a multiple of the initial states, got"
              + " %d and %d".formatted(sequences, states));
    }
    return sequences == states ? h0 : h0.repeat(0, sequences / states);
  }

  /** A state that several sequences share gets the sum of their gradients. */
  private static INDArray sumOfShared(INDArray dH0, long states, Allocator allocator) {
    if (dH0.size(0) == states) {
      return dH0;
    }
    INDArray sum = allocator.create(dH0.dataType(), states, dH0.size(1));
    dH0.reshape(states, dH0.size(0) / states, dH0.size(1)).sum(sum, 1);
    return sum;
  }

  void copyLastState(INDArray into) {
    if (!passed) {
      throw new IllegalStateException(this + ": expected a forward pass before its last state");
    }
    pass.copyLast(into);
  }

  /** How often the explicit backward pass ran: the tests' proof that autodiff did not. */
  long backwardPasses() {
    return backwardPasses;
  }

  /** The stock runtime forgets the flat view, which gradient clipping asks for. */
  @Override
  public void setBackpropGradientsViewArray(INDArray view) {
    super.setBackpropGradientsViewArray(view);
    gradients = view;
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batchSize) {
    mask = masks == null ? null : masks[0];
    return super.feedForwardMaskArrays(masks, state, batchSize);
  }

  @Override
  public void clear() {
    super.clear();
    mask = null;
  }

  @Override
  public String toString() {
    return "RnnVertexRuntime(" + getVertexName() + ")";
  }
}
