package org.descry.layer;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.descry.engine.Memory;
import org.descry.kernel.RnnCell;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;

/**
 * What the recurrent vertices share. Inputs: x and, if it is so configured, h0 (N x (L K S H)).
 *
 * <p>h0 may have N / m rows: each is the initial state of m sequences, one behind another. So a
 * image with m captions is encoded once. (The SameDiff definitions know m = 1 only.)
 *
 * <p>The features' mask N x T belongs to x: a masked step keeps the state before it.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY) // settings have no setters
public abstract class AbstractRnnVertex extends SameDiffVertex {
  static final String X = "x";
  static final String H0 = "h0";

  AbstractRnnVertex() {}

  /** New explicit passes for one instance of the vertex. */
  abstract RecurrentPass recurrentPass();

  /** The settings that make two vertices of this class equal. */
  abstract List<Object> settings();

  abstract boolean hasInitialState();

  /** How many inputs give the initial state. */
  int initialStates() {
    return hasInitialState() ? 1 : 0;
  }

  /** How the inputs and outputs of one instance of the vertex lie. */
  RecurrentLayout layout() {
    return BatchFirst.LAYOUT;
  }

  /** Whether the output is a sequence, to which the features' mask belongs too. */
  public boolean givesSequence() {
    return true;
  }

  /** Whether a layer reads from the end too, so that no sequence can be read step by step. */
  public boolean readsBothDirections() {
    return false;
  }

  /** What the layers are made of. */
  public abstract RnnCell cell();

  /** L K S H, and whatever else a step goes on from. */
  public abstract long stateWidth();

  /** How many values of a sequence of so many steps are kept for the backward pass. */
  public long kept(long steps) {
    return Memory.product(stateWidth() / cell().states(), cell().gates(), steps);
  }

  /**
   * The vertex as a SameDiff graph.
   *
   * @param x with its T in its placeholder's shape
   * @param h0 N x (L K S H), or null for zeros
   * @param mask N x T, or null
   */
  abstract Pass define(
      SDVariable x, SDVariable h0, SDVariable mask, Map<String, SDVariable> params);

  /**
   * What the vertex gives for a sequence, and what a later sequence, or the next word, goes on
   * from.
   *
   * @param output as of the vertex
   * @param states side by side N x (L K S H), as h0
   */
  public record Pass(SDVariable output, List<SDVariable> states) {
    public Pass {
      states = List.copyOf(states);
    }
  }

  @Override
  public SDVariable defineVertex(
      SameDiff sameDiff,
      Map<String, SDVariable> inputs,
      Map<String, SDVariable> params,
      Map<String, SDVariable> masks) {
    return define(inputs.get(X), initialState(inputs), masks.get(X), params).output();
  }

  /** The initial state in a SameDiff graph, N x (L K S H); null for zeros. */
  SDVariable initialState(Map<String, SDVariable> inputs) {
    return inputs.get(H0);
  }

  /**
   * The vertex as a SameDiff graph that starts from a state, whether or not the vertex has one as
   * its input.
   *
   * @param x with its T in its placeholder's shape
   * @param h0 N x (L K S H), or null for zeros
   * @param mask N x T, or null
   */
  public final Pass definePass(
      SDVariable x, SDVariable h0, SDVariable mask, Map<String, SDVariable> params) {
    return define(x, h0, mask, params);
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
    runtime(vertex).copyLastState(into);
  }

  /**
   * What the vertex's latest pass adds to the loss, summed over its sequences.
   *
   * @param vertex a vertex of this kind in a network
   */
  public static double penalty(GraphVertex vertex) {
    return runtime(vertex).penalty();
  }

  private static RnnVertexRuntime runtime(GraphVertex vertex) {
    if (vertex instanceof RnnVertexRuntime runtime) {
      return runtime;
    }
    throw new IllegalArgumentException("RnnVertex: expected a recurrent vertex, got " + vertex);
  }

  /**
   * DL4J asks for it before it makes the parameters.
   *
   * @throws org.descry.MemoryException if there is no room for the parameters
   */
  @Override
  public final long numParams(boolean backprop) {
    ParameterMemory.require(
        getName() == null ? getClass().getSimpleName() : getName(),
        getVertexParams().getParamShapes());
    return super.numParams(backprop);
  }

  @Override
  public final GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray paramsView,
      boolean initialize,
      DataType type) {
    if (graph.getConfiguration().getBackpropType() == BackpropType.TruncatedBPTT) {
      throw new IllegalArgumentException(
          "%s \"%s\": expected backpropType Standard, got TruncatedBPTT, which cuts sequences along their last axis; carry the state through the input h0 instead"
              .formatted(getClass().getSimpleName(), name));
    }
    // The updater finds the vertex by the name in its configuration.
    setName(name);
    return new RnnVertexRuntime(this, graph, name, index, paramsView, initialize, type);
  }

  @Override
  public final Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int batchSize) {
    return new Pair<>(masks == null || !givesSequence() ? null : masks[0], state);
  }

  @Override
  public final int minVertexInputs() {
    return 1 + initialStates();
  }

  @Override
  public final int maxVertexInputs() {
    return minVertexInputs();
  }

  /** Gives a copy what DL4J's configuration set besides the settings. */
  final <T extends AbstractRnnVertex> T withTrainingOf(T copy) {
    copy.regularization = regularization;
    copy.regularizationBias = regularizationBias;
    copy.updater = updater;
    copy.biasUpdater = biasUpdater;
    copy.gradientNormalization = gradientNormalization;
    copy.gradientNormalizationThreshold = gradientNormalizationThreshold;
    copy.dataType = dataType;
    return copy;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AbstractRnnVertex vertex
        && getClass() == other.getClass()
        && settings().equals(vertex.settings())
        && Objects.equals(regularization, vertex.regularization)
        && Objects.equals(updater, vertex.updater);
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }
}
