package org.descry.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.kernel.RnnCell;
import org.descry.kernel.StackedRnn;
import org.descry.kernel.TiedScores;
import org.descry.kernel.WordEmbedding;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Word vectors, a stack of recurrent layers in one direction, and scores of the next words by the
 * same word vectors (Press and Wolf, "Using the Output Embedding to Improve Language Models",
 * 2017): {@code out = RNN(W[x]) W^T}. In DL4J's graphs a parameter belongs to one vertex, so one
 * vertex does all three; the scores' bias is a layer of its own ({@link TemporalBiasLayer}), not
 * least because DL4J trains no graph whose layers are without parameters.
 *
 * <p>Inputs: x (N x T words, which have no gradient) and, if it is so configured, h0. Output N x T
 * x V. Parameters: W (V x H), and those of an {@link RnnVertex} with D = H.
 */
public final class TiedRnnVertex extends AbstractRnnVertex {
  /** The word vectors' parameter name. */
  public static final String WEIGHTS = "W";

  private RnnCell cell;
  private long vocabulary;
  private long hidden;
  private int layers;
  private boolean initialState;

  /** For JSON. */
  TiedRnnVertex() {}

  /**
   * @param cell what the layers are made of
   * @param vocabulary V, the number of words
   * @param hidden H, the width of the state and of a word's vector
   * @param layers L
   * @param initialState whether a second input gives h0
   */
  public TiedRnnVertex(
      RnnCell cell, long vocabulary, long hidden, int layers, boolean initialState) {
    if (vocabulary < 1) {
      throw new IllegalArgumentException(
          "TiedRnnVertex: expected a vocabulary of at least 1, got " + vocabulary);
    }
    this.cell = cell;
    this.vocabulary = vocabulary;
    this.hidden = hidden;
    this.layers = layers;
    this.initialState = initialState;
    stack(); // checks the others
  }

  private RnnVertex stack() {
    return new RnnVertex(cell, hidden, hidden, layers, false, initialState, 0);
  }

  @Override
  public RnnCell cell() {
    return cell;
  }

  @Override
  boolean hasInitialState() {
    return initialState;
  }

  @Override
  RecurrentPass recurrentPass() {
    return new TiedPass();
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams params) {
    stack().defineParametersAndInputs(params);
    params.addWeightParam(WEIGHTS, vocabulary, hidden);
  }

  /** Word vectors are normal with standard deviation 1 / sqrt(H), which is right for the scores. */
  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    Map<String, INDArray> ofStack = new LinkedHashMap<>(params);
    INDArray table = ofStack.remove(WEIGHTS);
    RecurrentInit.normal(table, hidden);
    stack().initializeParameters(ofStack);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return Sequences.type(vocabulary, Sequences.steps(inputs[0]));
  }

  @Override
  Pass define(SDVariable words, SDVariable h0, SDVariable mask, Map<String, SDVariable> params) {
    SameDiff sameDiff = words.getSameDiff();
    long steps = words.placeholderShape()[1];
    SDVariable table = params.get(WEIGHTS);
    SDVariable rows = WordEmbeddingLayer.lookUp(words, table, vocabulary);
    Pass pass =
        new RnnDefinition(sameDiff, cell, layers, 1, params)
            .define(sameDiff.reshape(rows, -1, steps, hidden), steps, hidden, h0, mask);
    SDVariable scores = sameDiff.reshape(pass.output(), -1, hidden).mmul(sameDiff.transpose(table));
    return new Pass(sameDiff.reshape(scores, -1, steps, vocabulary), pass.states());
  }

  @Override
  public long stateWidth() {
    return layers * cell.states() * hidden;
  }

  @Override
  public TiedRnnVertex clone() {
    return withTrainingOf(new TiedRnnVertex(cell, vocabulary, hidden, layers, initialState));
  }

  @Override
  List<Object> settings() {
    return List.of(cell, vocabulary, hidden, layers, initialState);
  }

  private final class TiedPass implements RecurrentPass {
    private final RecurrentPass stack = stack().recurrentPass();
    private final WordEmbedding embedding = new WordEmbedding();
    private final TiedScores scores = new TiedScores();
    private final Scratch vectors = new Scratch();
    private final Scratch states = new Scratch();
    private final Scratch stateGradients = new Scratch();
    private final Scratch vectorGradients = new Scratch();
    private WordEmbedding.Cache words;
    private TiedScores.Cache said;

    @Override
    public INDArray forward(
        INDArray x, INDArray h0, Map<String, INDArray> params, INDArray mask, Allocator to) {
      INDArray table = params.get(WEIGHTS);
      words = embedding.forward(x, table, vectors::get);
      INDArray state = stack.forward(words.out(), h0, params, mask, states::get);
      said = scores.forward(state, table, to);
      return said.out();
    }

    @Override
    public StackedRnn.Gradients backward(
        INDArray dOut, Map<String, INDArray> gradients, Allocator toX, Allocator toH0) {
      INDArray dState = scores.backward(dOut, said, stateGradients::get);
      var flow = stack.backward(dState, gradients, vectorGradients::get, toH0);
      embedding.backward(flow.dX(), words, gradients.get(WEIGHTS));
      scores.addWeightGradient(dOut, said, gradients.get(WEIGHTS));
      return new StackedRnn.Gradients(null, flow.dH0());
    }

    @Override
    public void copyLast(INDArray into) {
      stack.copyLast(into);
    }
  }
}
