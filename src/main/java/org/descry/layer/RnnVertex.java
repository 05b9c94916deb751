package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.descry.kernel.RnnCell;
import org.descry.kernel.StackedRnn;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stack of recurrent layers, vanilla, LSTM or GRU, see {@link StackedRnn}. Inputs: x (N x T x D)
 * and, if it is so configured, h0 (N x (L K S H); of an LSTM S is 2: h and c of each cell). Output
 * N x T x (K H), or what a {@link Readout} says. Parameters of cell i (layer 0, layer 0 reversed,
 * layer 1, ...): Wx{i}, Wh{i}, b{i}.
 */
public final class RnnVertex extends AbstractRnnVertex {
  /** What the second biases' names begin with. */
  public static final String SECOND_BIAS = "bh";

  // What networks that were saved without it have.
  private RnnCell cell = RnnCell.VANILLA;
  private long nIn;
  private long hidden;
  private int layers;
  private boolean bidirectional;
  private boolean initialState;
  private int truncation;
  private boolean nearIdentity;
  private boolean uniform;
  private boolean twoBiases;
  private Readout readout = Readout.SEQUENCE;

  /** What the vertex gives of its states. */
  public enum Readout {
    /** Those of the last layer, step by step: N x T x (K H). */
    SEQUENCE,
    /**
     * That in which the last layer ends, N x (K H): of a reversed cell, its state at the first
     * step. A masked step keeps the state before it, so padding counts for nothing.
     */
    FINAL_STATE,
    /** Those in which all layers end, N x (L K S H), as h0. */
    ALL_FINAL_STATES,
    /**
     * What each step reads, and the state before it: N x T x (D + H), of one layer in one
     * direction.
     */
    INPUT_AND_STATE
  }

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
              + "%s, %s, %s and %s".formatted(nIn, hidden, layers, truncation));
    }
    this.cell = cell;
    this.nIn = nIn;
    this.hidden = hidden;
    this.layers = layers;
    this.bidirectional = bidirectional;
    this.initialState = initialState;
    this.truncation = truncation;
  }

  /**
   * The same with vanilla cells whose Wh starts near the identity, not normal: so the state lasts
   * until something is learnt of it, and gradients reach what gives h0 (after Le, Jaitly and
   * Hinton, "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units", 2015).
   *
   * @throws IllegalStateException for an LSTM, whose cells last by themselves
   */
  public RnnVertex startingNearIdentity() {
    if (cell != RnnCell.VANILLA) {
      throw new IllegalStateException("RnnVertex: expected vanilla cells, got " + cell);
    }
    RnnVertex vertex = clone();
    vertex.nearIdentity = true;
    return vertex;
  }

  /** The same with another output. */
  public RnnVertex giving(Readout output) {
    if (output == Readout.INPUT_AND_STATE && cells() > 1) {
      throw new IllegalArgumentException(
          "RnnVertex: expected one layer in one direction to give input and state, got %s cells"
              .formatted(cells()));
    }
    RnnVertex vertex = clone();
    vertex.readout = output;
    return vertex;
  }

  /** What the vertex gives. */
  public Readout readout() {
    return readout;
  }

  @Override
  public boolean givesSequence() {
    return readout == Readout.SEQUENCE || readout == Readout.INPUT_AND_STATE;
  }

  /**
   * The same with weights and biases that start uniform between -1 / sqrt(H) and 1 / sqrt(H), as
   * PyTorch's do.
   */
  public RnnVertex startingUniform() {
    RnnVertex vertex = clone();
    vertex.uniform = true;
    return vertex;
  }

  /**
   * The same with a second bias a cell, bh, as PyTorch has it: only the sum of both counts, so that
   * it learns twice as fast as one.
   */
  public RnnVertex withTwoBiases() {
    RnnVertex vertex = clone();
    vertex.twoBiases = true;
    return vertex;
  }

  @Override
  RecurrentPass recurrentPass() {
    return new StackPass(this, new StackedRnn(cell, layers, bidirectional, truncation));
  }

  @Override
  public RnnCell cell() {
    return cell;
  }

  /** Whether each layer reads in both directions. */
  public boolean bidirectional() {
    return bidirectional;
  }

  @Override
  public boolean readsBothDirections() {
    return bidirectional;
  }

  @Override
  boolean hasInitialState() {
    return initialState;
  }

  /** L K. */
  int cells() {
    return layers * directions();
  }

  /** K. */
  int directions() {
    return bidirectional ? 2 : 1;
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams params) {
    params.defineInputs(initialState ? new String[] {X, H0} : new String[] {X});
    long width = cell.gates() * hidden;
    for (int i = 0; i < cells(); i++) {
      params.addWeightParam("Wx" + i, i < directions() ? nIn : directions() * hidden, width);
      params.addWeightParam("Wh" + i, hidden, width);
      params.addBiasParam("b" + i, width);
      if (twoBiases) {
        params.addBiasParam(SECOND_BIAS + i, width);
      }
    }
  }

  /** See {@link RecurrentInit}. */
  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    params.forEach(new RecurrentInit(cell, hidden, uniform, nearIdentity)::fill);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return switch (readout) {
      case SEQUENCE -> Sequences.type(directions() * hidden, Sequences.steps(inputs[0]));
      case INPUT_AND_STATE -> Sequences.type(nIn + hidden, Sequences.steps(inputs[0]));
      case FINAL_STATE -> InputType.feedForward(directions() * hidden);
      case ALL_FINAL_STATES -> InputType.feedForward(stateWidth());
    };
  }

  @Override
  Pass define(SDVariable x, SDVariable h0, SDVariable mask, Map<String, SDVariable> params) {
    return new StackDefinition(this, x, h0).define(mask, params);
  }

  /** Where the h of a cell of the last layer is among all states. */
  int stateOfLast(int direction) {
    return ((layers - 1) * directions() + direction) * cell.states();
  }

  /** D. */
  long width() {
    return nIn;
  }

  long hidden() {
    return hidden;
  }

  int layers() {
    return layers;
  }

  boolean twoBiases() {
    return twoBiases;
  }

  @Override
  public long stateWidth() {
    return cells() * cell.states() * hidden;
  }

  @Override
  public RnnVertex clone() {
    RnnVertex copy =
        new RnnVertex(cell, nIn, hidden, layers, bidirectional, initialState, truncation);
    copy.nearIdentity = nearIdentity;
    copy.uniform = uniform;
    copy.twoBiases = twoBiases;
    copy.readout = readout;
    return withTrainingOf(copy);
  }

  @Override
  List<Object> settings() {
    return List.of(
        cell,
        nIn,
        hidden,
        layers,
        bidirectional,
        initialState,
        truncation,
        nearIdentity,
        uniform,
        twoBiases,
        readout);
  }
}
