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
  private final transient TypeConversion[] states;
  private final transient RecurrentLayout layout;
  private final transient TypeConversion masks;
  private INDArray storedState;
  private long passed; // the number of sequences of the latest pass
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
    states = new TypeConversion[vertex.initialStates()];
    Arrays.setAll(states, i -> new TypeConversion(type));
    layout = vertex.layout();
    masks = new TypeConversion(type);
  }

  @Override
  public boolean takesExamplesApart() {
    return pass.takesExamplesApart();
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray x = layout.sequence(sequences.of(inputs[0]));
    INDArray h0 = states.length > 0 ? layout.initial(initialStates(), x.size(0)) : null;
    Allocator allocator = ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATIONS);
    Tape.run(() -> passed = x.size(0));
    if (!training && inTimeStep()) {
      return layout.output(timeStep(x, h0, allocator));
    }
    return layout.output(pass.forward(x, h0, paramTable, masks.of(mask), allocator));
  }

  private INDArray[] initialStates() {
    INDArray[] given = new INDArray[states.length];
    Arrays.setAll(given, i -> states[i].of(inputs[i + 1]));
    return given;
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
    boolean initialState = states.length > 0;
    StackedRnn.Gradients flow =
        pass.backward(
            layout.outputGradient(epsilon), gradTable, allocator, initialState ? allocator : null);
    Tape.run(() -> backwardPasses++);
    Gradient gradient = new DefaultGradient(gradients);
    gradTable.forEach(gradient.gradientForVariable()::put);
    INDArray[] dInputs = new INDArray[inputs.length];
    dInputs[0] = flow.dX() == null ? null : layout.sequence(flow.dX());
    if (initialState) {
      INDArray[] given = Arrays.copyOfRange(inputs, 1, inputs.length);
      INDArray[] dStates = layout.initialGradients(flow.dH0(), given, allocator);
      System.arraycopy(dStates, 0, dInputs, 1, dStates.length);
    }
    return new Pair<>(gradient, dInputs);
  }

  /** See {@link RecurrentPass#penalty}. */
  double penalty() {
    return pass.penalty();
  }

  /** The same as a mean over the sequences. */
  double meanPenalty() {
    return passed == 0 ? 0 : pass.penalty() / passed;
  }

  void copyLastState(INDArray into) {
    if (passed == 0) {
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
    return vertex.givesSequence()
        ? super.feedForwardMaskArrays(masks, state, batchSize)
        : new Pair<>(null, state);
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
