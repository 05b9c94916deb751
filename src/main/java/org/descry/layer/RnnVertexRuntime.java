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
  private final RnnVertex vertex;
  private final transient StackedRnn kernel;
  private transient StackedRnn.Cache cache;
  private INDArray mask;
  private long backwardPasses;

  RnnVertexRuntime(
      RnnVertex vertex,
      ComputationGraph graph,
      String name,
      int index,
      INDArray paramsView,
      boolean initialize,
      DataType type) {
    super(vertex, graph, name, index, paramsView, initialize, type);
    this.vertex = vertex;
    kernel = vertex.kernel();
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray h0 = vertex.hasInitialState() ? inputs[1] : null;
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATIONS);
    cache = kernel.forward(inputs[0], h0, vertex.cells(paramTable), mask, allocator);
    return cache.out();
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATION_GRAD);
    boolean initialState = vertex.hasInitialState();
    StackedRnn.Gradients flow =
        kernel.backward(
            epsilon, cache, vertex.cells(gradTable), allocator, initialState ? allocator : null);
    backwardPasses++;
    Gradient gradient = new DefaultGradient(gradients);
    gradTable.forEach(gradient.gradientForVariable()::put);
    INDArray[] dInputs =
        initialState ? new INDArray[] {flow.dX(), flow.dH0()} : new INDArray[] {flow.dX()};
    return new Pair<>(gradient, dInputs);
  }

  void copyLastState(INDArray into) {
    if (cache == null) {
      throw new IllegalStateException(this + ": expected a forward pass before its last state");
    }
    cache.copyLast(into);
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
