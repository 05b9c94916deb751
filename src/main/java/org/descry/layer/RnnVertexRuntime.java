package org.descry.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.samediff.SameDiffGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.Allocator;
import org.descry.engine.tape.Tape;
import org.descry.kernel.StackedRnn;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs the recurrent kernels where the stock runtime would interpret the vertex's SameDiff graph.
 */
final class RnnVertexRuntime extends SameDiffGraphVertex implements Recordable {
  /** This class's two methods, DL4J's pass and helper, and what may wrap the vertex. */
  private static final int CALLERS_OF_A_PASS = 8;

  private final AbstractRnnVertex vertex;
  private final transient RecurrentPass pass;
  private final transient RnnVertexLayer layer;
  private final transient TypeConversion sequences;
  private final transient TypeConversion states;
  private final transient TypeConversion masks;
  private INDArray storedState;
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
    layer = new RnnVertexLayer(this, name, type);
    sequences = new TypeConversion(type);
    states = new TypeConversion(type);
    masks = new TypeConversion(type);
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray x = sequences.of(inputs[0]);
    INDArray h0 = vertex.hasInitialState() ? eachRow(states.of(inputs[1]), x.size(0)) : null;
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATIONS);
    passed = true;
    if (!training && inTimeStep()) {
      return timeStep(x, h0, allocator);
    }
    return pass.forward(x, h0, paramTable, masks.of(mask), allocator);
  }

  /** DL4J tells layers alone that it runs {@code rnnTimeStep}; a vertex sees it by its caller. */
  private static boolean inTimeStep() {
    return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
        .walk(
            frames ->
                frames
                    .limit(CALLERS_OF_A_PASS)
                    .anyMatch(
                        frame ->
                            frame.getMethodName().equals("rnnTimeStepHelper")
                                && frame.getDeclaringClass() == ComputationGraph.class));
  }

  /** From the stored state, if there is one, else from the vertex's own input; stores the last. */
  private INDArray timeStep(INDArray x, INDArray h0, Allocator allocator) {
    if (vertex.readsBothDirections()) {
      throw new UnsupportedOperationException(
          this + ": expected one direction for rnnTimeStep, got a vertex that reads both");
    }
    long rows = x.size(0);
    if (storedState != null && storedState.size(0) != rows) {
      throw new IllegalStateException(
          "%s: expected %s sequences as in the time step before, got %s; rnnClearPreviousState() starts anew"
              .formatted(this, storedState.size(0), rows));
    }
    INDArray from = storedState == null ? h0 : storedState;
    INDArray out = pass.forward(x, from, paramTable, null, allocator);
    INDArray last = Allocator.DETACHED.create(dataType, rows, vertex.stateWidth());
    pass.copyLast(last);
    storedState = last;
    return out;
  }

  /** Null before the first time step. */
  INDArray storedState() {
    return storedState;
  }

  /**
   * @param state N x (L K S H), which is copied, or null for none
   */
  void storeState(INDArray state) {
    if (state != null && (state.rank() != 2 || state.size(1) != vertex.stateWidth())) {
      throw new IllegalArgumentException(
          "%s: expected the states \"h0\" of shape [*, %s], got %s"
              .formatted(this, vertex.stateWidth(), Arrays.toString(state.shape())));
    }
    storedState = state == null ? null : state.castTo(dataType).dup('c').detach();
  }

  /**
   * While DL4J puts the network together, the vertex counts as a layer, so that it stands in the
   * list of layers; once it is wired it is a vertex, for as a layer it could have one input alone.
   */
  @Override
  public boolean hasLayer() {
    return inputVertices == null;
  }

  @Override
  public Layer getLayer() {
    return layer;
  }

  boolean isFrozen() {
    return graph.getVertex(vertexName) != this;
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATION_GRAD);
    boolean initialState = vertex.hasInitialState();
    StackedRnn.Gradients flow =
        pass.backward(epsilon, gradTable, allocator, initialState ? allocator : null);
    Tape.run(() -> backwardPasses++);
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
              + " %s and %s".formatted(sequences, states));
    }
    return sequences == states ? h0 : h0.repeat(0, sequences / states);
  }

  /** A state that several sequences share gets the sum of their gradients. */
  private static INDArray sumOfShared(INDArray dH0, long states, Allocator allocator) {
    if (dH0.size(0) == states) {
      return dH0;
    }
    INDArray sum = allocator.create(dH0.dataType(), states, dH0.size(1));
    long shared = dH0.size(0) / states;
    INDArray each = dH0.reshape(states, shared, dH0.size(1));
    sum.assign(each.tensorAlongDimension(0, 0, 2));
    for (long i = 1; i < shared; i++) {
      sum.addi(each.tensorAlongDimension(i, 0, 2));
    }
    return sum;
  }

  void copyLastState(INDArray into) {
    if (!passed) {
      throw new IllegalStateException(this + ": expected a forward pass before its last state");
    }
    pass.copyLast(into);
  }

  /** See {@link ExplicitLayer#backwardPasses}. */
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
