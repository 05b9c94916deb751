package org.descry.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDVertexParams;
import org.descry.engine.Memory;
import org.descry.kernel.RnnCell;
import org.descry.kernel.SoftAttention;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stack of recurrent layers in one direction whose first layer looks at a grid of places before
 * each step, see {@link SoftAttention}. Inputs: x (N x T x D) and the scene, N x (L S H + P C): the
 * initial states as of an {@link RnnVertex}, then the P places of the grid with C channels each, as
 * {@link PlacesLayer} gives them. No step changes the grid, so that the scene is the state which a
 * sequence goes on from. Output N x T x H.
 *
 * <p>Parameters: those of an {@link RnnVertex}; Wg (C x A), bg (A), Wq (H x A), v (A x 1), Wz (C x
 * (G H)).
 */
public final class AttentionRnnVertex extends AbstractRnnVertex {
  private static final String GRID = "Wg";
  private static final String BIAS = "bg";
  private static final String QUERY = "Wq";
  private static final String SCORE = "v";
  private static final String READ = "Wz";
  private static final List<String> WEIGHTS = List.of(GRID, QUERY, SCORE, READ);

  private RnnCell cell;
  private long nIn;
  private long hidden;
  private int layers;
  private long places;
  private long channels;
  private long width;
  private double penalty;
  private boolean nearIdentity;

  /** For JSON. */
  AttentionRnnVertex() {}

  /**
   * @param cell what the layers are made of
   * @param nIn the input's width D
   * @param hidden the state's width H
   * @param layers L
   * @param places P
   * @param channels C
   * @param width A, of the layer in which states and places are compared
   * @param penalty of the places' weights, see {@link SoftAttention}; 0 for none
   */
  public AttentionRnnVertex(
      RnnCell cell,
      long nIn,
      long hidden,
      int layers,
      long places,
      long channels,
      long width,
      double penalty) {
    if (places < 2 || channels < 1 || width < 1 || !(penalty >= 0)) {
      throw new IllegalArgumentException(
          "expected attention over at least 2 places with channels and a width of at least 1 and a"
              + " penalty of at least 0, got %s, %s, %s and %s"
                  .formatted(places, channels, width, penalty));
    }
    this.cell = cell;
    this.nIn = nIn;
    this.hidden = hidden;
    this.layers = layers;
    this.places = places;
    this.channels = channels;
    this.width = width;
    this.penalty = penalty;
    stack(); // checks the others
  }

  /** See {@link RnnVertex#startingNearIdentity}. */
  public AttentionRnnVertex startingNearIdentity() {
    AttentionRnnVertex vertex = clone();
    vertex.nearIdentity = true;
    vertex.stack(); // checks the cell
    return vertex;
  }

  RnnVertex stack() {
    RnnVertex stack = new RnnVertex(cell, nIn, hidden, layers, false, true, 0);
    return nearIdentity ? stack.startingNearIdentity() : stack;
  }

  /** The attention's own parameters, or gradients. */
  public static SoftAttention.Parameters attention(Map<String, INDArray> params) {
    return new SoftAttention.Parameters(
        params.get(GRID), params.get(BIAS), params.get(QUERY), params.get(SCORE), params.get(READ));
  }

  @Override
  RecurrentPass recurrentPass() {
    return new AttentionPass(this);
  }

  @Override
  public RnnCell cell() {
    return cell;
  }

  @Override
  boolean hasInitialState() {
    return true;
  }

  int layers() {
    return layers;
  }

  /** P. */
  public long places() {
    return places;
  }

  /** C. */
  public long channels() {
    return channels;
  }

  double penalty() {
    return penalty;
  }

  /** L S H. */
  long statesOfCells() {
    return stack().stateWidth();
  }

  @Override
  public long stateWidth() {
    return statesOfCells() + places * channels;
  }

  @Override
  public long kept(long steps) {
    return Memory.sum(
        stack().kept(steps),
        Memory.sum(
            Memory.product(steps, places + channels + width),
            Memory.product(places, 3 * channels + 5 * width)));
  }

  /** The multiplications with weights that the forward pass of a sequence takes. */
  public long multiplyAdds(long steps) {
    long gates = cell.gates() * hidden;
    long looks = hidden * width + places * width + channels * gates;
    long cells = (nIn + hidden) * gates + (layers - 1) * 2 * hidden * gates;
    return places * channels * width + Memory.product(steps, looks + cells);
  }

  @Override
  public void defineParametersAndInputs(SDVertexParams params) {
    stack().defineParametersAndInputs(params);
    params.addWeightParam(GRID, channels, width);
    params.addBiasParam(BIAS, width);
    params.addWeightParam(QUERY, hidden, width);
    params.addWeightParam(SCORE, width, 1);
    params.addWeightParam(READ, channels, cell.gates() * hidden);
  }

  /** The attention's weights are normal with standard deviation 1 / sqrt(fan-in). */
  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    Map<String, INDArray> ofStack = new LinkedHashMap<>(params);
    ofStack.remove(BIAS).assign(0);
    for (String name : WEIGHTS) {
      INDArray values = ofStack.remove(name);
      RecurrentInit.normal(values, values.size(0));
    }
    stack().initializeParameters(ofStack);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType... inputs) {
    return Sequences.type(hidden, Sequences.steps(inputs[0]));
  }

  @Override
  Pass define(SDVariable x, SDVariable scene, SDVariable mask, Map<String, SDVariable> params) {
    return new Definition(x, scene, mask, params).pass();
  }

  /**
   * The vertex as a SameDiff graph with what its passes add to the loss, summed over sequences.
   *
   * @param output as of {@link #defineVertex}
   * @param penalty a scalar
   */
  public record Penalized(SDVariable output, SDVariable penalty) {}

  /** The vertex in training. */
  public Penalized definePenalized(
      Map<String, SDVariable> inputs, Map<String, SDVariable> params, SDVariable mask) {
    Definition definition = new Definition(inputs.get(X), inputs.get(H0), mask, params);
    SDVariable output = definition.pass().output();
    return new Penalized(output, definition.penalty());
  }

  private final class Definition {
    private final SameDiff graph;
    private final SDVariable x;
    private final SDVariable states;
    private final SDVariable flat;
    private final SDVariable grid;
    private final SDVariable keys;
    private final SDVariable mask;
    private final int steps;
    private final Map<String, SDVariable> params;
    private final RnnDefinition stack;
    private final List<SDVariable> weights = new ArrayList<>();

    Definition(SDVariable x, SDVariable scene, SDVariable mask, Map<String, SDVariable> params) {
      this.x = x;
      this.mask = mask;
      this.params = params;
      graph = x.getSameDiff();
      steps = (int) x.placeholderShape()[1];
      long end = statesOfCells();
      states = scene.get(SDIndex.all(), SDIndex.interval(0L, end));
      flat = scene.get(SDIndex.all(), SDIndex.interval(end, stateWidth()));
      grid = graph.reshape(flat, -1, places, channels);
      SDVariable rows = graph.reshape(flat, -1, channels);
      keys = graph.reshape(rows.mmul(params.get(GRID)).add(params.get(BIAS)), -1, places, width);
      UnaryOperator<SDVariable> looks = this::read;
      stack = new RnnDefinition(graph, cell, layers, 1, params, looks);
    }

    /** What a state reads from the grid. */
    private SDVariable read(SDVariable h) {
      SDVariable query = graph.reshape(h.mmul(params.get(QUERY)), -1, 1, width);
      SDVariable u = graph.reshape(graph.math().tanh(keys.add(query)), -1, width);
      SDVariable scores = graph.reshape(u.mmul(params.get(SCORE)), -1, places);
      SDVariable w = graph.nn().softmax(scores, 1);
      weights.add(w);
      // A mean, which ONNX's writer knows, in place of a sum.
      SDVariable mean = graph.reshape(w, -1, places, 1).mul(grid).mean(1);
      return mean.mul(places).mmul(params.get(READ));
    }

    Pass pass() {
      Pass pass = stack.define(x, steps, nIn, states, mask);
      List<SDVariable> all = new ArrayList<>(pass.states());
      all.add(flat);
      return new Pass(pass.output(), all);
    }

    SDVariable penalty() {
      SDVariable[] masks = mask == null ? null : stack.steps(mask, steps, 1);
      SDVariable wanted = mask == null ? null : graph.reshape(mask.max(1), -1, 1);
      SDVariable excess = null;
      for (int t = 0; t < steps; t++) {
        SDVariable kept = masks == null ? weights.get(t) : weights.get(t).mul(masks[t]);
        if (excess == null) {
          excess = wanted == null ? kept.sub(1) : kept.sub(wanted);
        } else {
          excess = excess.add(kept);
        }
      }
      return excess.mul(excess).sum().mul(penalty);
    }
  }

  @Override
  public AttentionRnnVertex clone() {
    AttentionRnnVertex copy =
        new AttentionRnnVertex(cell, nIn, hidden, layers, places, channels, width, penalty);
    copy.nearIdentity = nearIdentity;
    return withTrainingOf(copy);
  }

  @Override
  List<Object> settings() {
    return List.of(cell, nIn, hidden, layers, places, channels, width, penalty, nearIdentity);
  }
}
