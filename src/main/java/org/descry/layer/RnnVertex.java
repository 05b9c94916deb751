package org.descry.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.descry.kernel.RnnCell;
import org.descry.kernel.StackedRnn;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;

/**
 * A stack of recurrent layers, vanilla or LSTM, see {@link StackedRnn}. Inputs: x (N x T x D) and,
 * if it is so configured, h0 (N x (L K S H); of an LSTM S is 2: h and c of each cell). Output N x T
 * x (K H). Parameters of cell i (layer 0, layer 0 reversed, layer 1, ...): Wx{i}, Wh{i}, b{i}.
 *
 * <p>h0 may have N / m rows: each is the initial state of m sequences, one behind another. So a
 * picture with m captions is encoded once. (The SameDiff definition knows m = 1 only.)
 *
 * <p>The features' mask N x T belongs to x: a masked step keeps the state before it.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY) // settings have no setters
public final class RnnVertex extends SameDiffVertex {
  private static final String X = "x";
  private static final String H0 = "h0";
  private static final double IDENTITY_NOISE = 0.01;

  // What networks that were saved without it have.
  private RnnCell cell = RnnCell.VANILLA;
  private long nIn;
  private long hidden;
  private int layers;
  private boolean bidirectional;
  private boolean initialState;
  private int truncation;

  /** For JSON. */
  RnnVertex() {}

  /**
   * One vanilla layer, one direction, gradients through the whole sequence.
   *
   * @param nIn the input's width D
   * @param hidden the state's width H
   * @param initialState whether a second input gives h0
   */
  public RnnVertex(long nIn, long hidden, boolean initialState) {
    this(RnnCell.VANILLA, nIn, hidden, 1, false, initialState, 0);
  }

  /**
   * @param cell what the layers are made of
   * @param nIn the input's width D
   * @param hidden the state's width H
   * @param layers L
   * @param bidirectional whether K is 2
   * @param initialState whether a second input gives h0
   * @param truncation the number of steps that gradients flow back through, or 0 for all
   */
  public RnnVertex(
      RnnCell cell,
      long nIn,
      long hidden,
      int layers,
      boolean bidirectional,
      boolean initialState,
      int truncation) {
    if (nIn < 1 || hidden < 1 || layers < 1 || truncation < 0) {
      throw new IllegalArgumentException(
          "RnnVertex: expected nIn, hidden and layers of at least 1 and a truncation of at least 0,"
              + " got "
              + "%d, %d, %d and %d".formatted(nIn, hidden, layers, truncation));
    }
    this.cell = cell;
    this.nIn = nIn;
    this.hidden = hidden;
    this.layers = layers;
    this.bidirectional = bidirectional;
    this.initialState = initialState;
    this.truncation = truncation;
  }

  StackedRnn kernel() {
    return new StackedRnn(cell, layers, bidirectional, truncation);
  }

  /** What the layers are made of. */
  public RnnCell cell() {
    return cell;
  }

  /** Whether each layer reads in both directions. */
  public boolean bidirectional() {
    return bidirectional;
  }

  boolean hasInitialState() {
    return initialState;
  }

  /**
   * Copies the states after the last step of the vertex's latest pass, from where a later sequence
   * can go on: given as its h0, they carry no gradient back.
   *
   * @param vertex a vertex of this kind in a network
   * @param into N x (L K S H), cell by cell as h0
   * @throws IllegalArgumentException if the vertex is of another kind or the shape another
   * @throws IllegalStateException if there was no pass yet
   */
  public static void copyLastState(GraphVertex vertex, INDArray into) {
    if (!(vertex instanceof RnnVertexRuntime runtime)) {
      throw new IllegalArgumentException("RnnVertex: expected a recurrent vertex, got " + vertex);
    }
    runtime.copyLastState(into);
  }

  private int cells() {
    return layers * directions();
  }

  private int directions() {
    return bidirectional ? 2 : 1;
  }

  /** The arrays of a table (parameters or gradients) cell by cell. */
  List<StackedRnn.Parameters> cells(Map<String, INDArray> table) {
    List<StackedRnn.Parameters> cells = new ArrayList<>();
    for (int i = 0; i < cells(); i++) {
      cells.add(
          new StackedRnn.Parameters(table.get("Wx" + i), table.get("Wh" + i), table.get("b" + i)));
    }
    return cells;
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams params) {
    params.defineInputs(initialState ? new String[] {X, H0} : new String[] {X});
    long width = cell.gates() * hidden;
    for (int i = 0; i < cells(); i++) {
      params.addWeightParam("Wx" + i, i < directions() ? nIn : directions() * hidden, width);
      params.addWeightParam("Wh" + i, hidden, width);
      params.addBiasParam("b" + i, width);
    }
  }

  /**
   * Weights of the input are normal with standard deviation 1 / sqrt(fan-in), biases 0. A vanilla
   * cell's Wh starts close to the identity, so that the state lasts until something is learnt of it
   * (Le, Jaitly and Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified Linear
   * Units", 2015); an LSTM's is normal too, and its forget gate's bias is 1.
   */
  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    params.forEach(
        (name, values) -> {
          if (name.startsWith("b")) {
            values.assign(0);
            if (cell == RnnCell.LSTM) {
              values.get(NDArrayIndex.interval(hidden, 2 * hidden)).assign(1);
            }
          } else if (cell == RnnCell.VANILLA && name.startsWith("Wh")) {
            values.assign(Nd4j.randn(values.dataType(), values.shape()).muli(IDENTITY_NOISE));
            values.addi(Nd4j.eye(hidden).castTo(values.dataType()));
          } else {
            values.assign(
                Nd4j.randn(values.dataType(), values.shape()).divi(Math.sqrt(values.size(0))));
          }
        });
  }

  @Override
  public GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray paramsView,
      boolean initialize,
      DataType type) {
    // The updater finds the vertex by the name in its configuration.
    setName(name);
    return new RnnVertexRuntime(this, graph, name, index, paramsView, initialize, type);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return Sequences.type(directions() * hidden, Sequences.steps(inputs[0]));
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batchSize) {
    return new Pair<>(masks == null ? null : masks[0], state);
  }

  @Override
  public int minVertexInputs() {
    return initialState ? 2 : 1;
  }

  @Override
  public int maxVertexInputs() {
    return minVertexInputs();
  }

  @Override
  public SDVariable defineVertex(
      SameDiff sameDiff,
      Map<String, SDVariable> inputs,
      Map<String, SDVariable> params,
      Map<String, SDVariable> masks) {
    return definition(sameDiff, params)
        .define(inputs.get(X), initialState ? inputs.get(H0) : null, masks.get(X))
        .output();
  }

  private RnnDefinition definition(SameDiff sameDiff, Map<String, SDVariable> params) {
    return new RnnDefinition(sameDiff, cell, layers, directions(), params);
  }

  /**
   * What the vertex gives for a sequence, and what a later sequence, or the next word, goes on
   * from.
   *
   * @param output N x T x (K H)
   * @param states side by side N x (L K S H), as h0
   */
  public record Pass(SDVariable output, List<SDVariable> states) {
    public Pass {
      states = List.copyOf(states);
    }
  }

  /**
   * The vertex as a SameDiff graph that starts from a state, whether or not the vertex has one as
   * its input.
   *
   * @param x N x T x D, with its T in its placeholder's shape
   * @param h0 N x (L K S H)
   */
  public Pass definePass(
      SameDiff sameDiff, SDVariable x, SDVariable h0, Map<String, SDVariable> params) {
    return definition(sameDiff, params).define(x, h0, null);
  }

  /** L K S H. */
  public long stateWidth() {
    return cells() * cell.states() * hidden;
  }

  @Override
  public RnnVertex clone() {
    RnnVertex copy =
        new RnnVertex(cell, nIn, hidden, layers, bidirectional, initialState, truncation);
    copy.regularization = regularization;
    copy.regularizationBias = regularizationBias;
    copy.updater = updater;
    copy.biasUpdater = biasUpdater;
    copy.gradientNormalization = gradientNormalization;
    copy.gradientNormalizationThreshold = gradientNormalizationThreshold;
    copy.dataType = dataType;
    return copy;
  }

  private List<Object> settings() {
    return List.of(cell, nIn, hidden, layers, bidirectional, initialState, truncation);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RnnVertex vertex
        && settings().equals(vertex.settings())
        && Objects.equals(regularization, vertex.regularization)
        && Objects.equals(updater, vertex.updater);
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }
}
