package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.descry.kernel.RnnCell;
import org.descry.kernel.TimeMajorRnn;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stack of recurrent layers with the shapes of PyTorch's {@code nn.RNN}, {@code nn.LSTM} and
 * {@code nn.GRU}, see {@link TimeMajorRnn}. Inputs: x (T x N x D) and, if it is so configured, h0
 * ((L K) x N x H) and, of an LSTM, c0 of the same shape. Output T x N x (K H), or the final h, (L
 * K) x N x H. Parameters as of an {@link RnnVertex}. There are no masks.
 *
 * <p>Its input types have the batch's size where those of others have the number of steps: {@code
 * Sequences.type(D, N)}. DL4J divides gradients by the first dimension of the network's input, here
 * T.
 */
public final class TimeMajorRnnVertex extends AbstractRnnVertex {
  private static final String C0 = "c0";

  private RnnCell cell;
  private long nIn;
  private long hidden;
  private int layers;
  private boolean bidirectional;
  private boolean initialState;
  private boolean finalStates;

  /** For JSON. */
  TimeMajorRnnVertex() {}

  /**
   * @param nIn the input's width D
   * @param hidden the state's width H
   * @param layers L
   * @param bidirectional whether K is 2
   * @param initialState whether further inputs give h0 (and c0)
   * @param finalStates whether the output is the final h
   */
  public TimeMajorRnnVertex(
      RnnCell cell,
      long nIn,
      long hidden,
      int layers,
      boolean bidirectional,
      boolean initialState,
      boolean finalStates) {
    this.cell = cell;
    this.nIn = nIn;
    this.hidden = hidden;
    this.layers = layers;
    this.bidirectional = bidirectional;
    this.initialState = initialState;
    this.finalStates = finalStates;
    stack(); // checks the sizes
  }

  private RnnVertex stack() {
    return new RnnVertex(cell, nIn, hidden, layers, bidirectional, initialState, 0)
        .giving(finalStates ? RnnVertex.Readout.ALL_FINAL_STATES : RnnVertex.Readout.SEQUENCE);
  }

  @Override
  RecurrentPass recurrentPass() {
    return stack().recurrentPass();
  }

  @Override
  RecurrentLayout layout() {
    return new TimeMajorLayout(stack().cells(), cell.states(), hidden, finalStates);
  }

  @Override
  public RnnCell cell() {
    return cell;
  }

  @Override
  public boolean readsBothDirections() {
    return bidirectional;
  }

  @Override
  boolean hasInitialState() {
    return initialState;
  }

  @Override
  int initialStates() {
    return initialState ? cell.states() : 0;
  }

  @Override
  public boolean givesSequence() {
    return !finalStates;
  }

  @Override
  public long stateWidth() {
    return stack().stateWidth();
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams params) {
    stack().defineParametersAndInputs(params);
    if (initialStates() == 2) {
      params.defineInputs(X, H0, C0);
    }
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    stack().initializeParameters(params);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    long width = finalStates ? hidden : stack().directions() * hidden;
    return Sequences.type(width, Sequences.steps(inputs[0]));
  }

  @Override
  SDVariable initialState(Map<String, SDVariable> inputs) {
    SDVariable h0 = inputs.get(H0);
    SDVariable c0 = inputs.get(C0);
    return h0 == null ? null : c0 == null ? batchFirst(h0) : batchFirst(h0, c0);
  }

  /** States (L K) x N x H each as one, N x (L K S H), cell by cell. */
  private SDVariable batchFirst(SDVariable... states) {
    SameDiff sameDiff = states[0].getSameDiff();
    SDVariable all = states.length == 1 ? states[0] : sameDiff.stack(1, states);
    SDVariable byRow =
        states.length == 1
            ? sameDiff.permute(all, 1, 0, 2)
            : sameDiff.permute(all, 2, 0, 1, 3); // cells, states, N, H
    return sameDiff.reshape(byRow, -1, stateWidth());
  }

  /**
   * @param h0 N x (L K S H), or null for zeros
   */
  @Override
  Pass define(SDVariable x, SDVariable h0, SDVariable mask, Map<String, SDVariable> params) {
    if (mask != null) {
      throw new IllegalArgumentException("TimeMajorRnnVertex: expected no mask, got one");
    }
    SameDiff sameDiff = x.getSameDiff();
    Pass pass =
        new RnnDefinition(sameDiff, cell, layers, stack().directions(), params)
            .define(sameDiff.permute(x, 1, 0, 2), x.placeholderShape()[0], nIn, h0, null);
    if (!finalStates) {
      return new Pass(sameDiff.permute(pass.output(), 1, 0, 2), pass.states());
    }
    SDVariable[] last = new SDVariable[stack().cells()];
    for (int i = 0; i < last.length; i++) {
      last[i] = pass.states().get(i * cell.states());
    }
    return new Pass(sameDiff.stack(0, last), pass.states());
  }

  @Override
  public TimeMajorRnnVertex clone() {
    return withTrainingOf(
        new TimeMajorRnnVertex(
            cell, nIn, hidden, layers, bidirectional, initialState, finalStates));
  }

  @Override
  List<Object> settings() {
    return List.of(cell, nIn, hidden, layers, bidirectional, initialState, finalStates);
  }
}
