package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.api.layers.RecurrentLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recurrent vertex as one of its network's layers. DL4J asks layers alone for the terms of the
 * regularisation, for parameters by name and for recurrent state, and passes over vertices; the
 * vertex shows itself through this layer, which takes part in no pass.
 */
final class RnnVertexLayer extends AbstractLayer<ActivationLayer> implements RecurrentLayer {
  private final transient RnnVertexRuntime vertex;
  private final transient Penalty penalty;

  RnnVertexLayer(RnnVertexRuntime vertex, String name, DataType type) {
    super(configuration(name), type);
    this.vertex = vertex;
    penalty = new Penalty(param -> vertex.getConfig().getRegularizationByParam(param));
  }

  /** DL4J reads no more than the name from it: the settings are in the vertex's configuration. */
  private static NeuralNetConfiguration configuration(String name) {
    NeuralNetConfiguration configuration = new NeuralNetConfiguration();
    configuration.setLayer(new ActivationLayer.Builder().name(name).build());
    return configuration;
  }

  /**
   * What the updater applies to the vertex's parameters and what its passes add to the loss;
   * nothing while the vertex is frozen.
   */
  @Override
  public double calcRegularizationScore(boolean backpropParamsOnly) {
    if (vertex.isFrozen()) {
      return 0;
    }
    return penalty.score(paramTable(false), getIterationCount(), getEpochCount())
        + vertex.meanPenalty();
  }

  @Override
  public Map<String, INDArray> paramTable(boolean backpropParamsOnly) {
    return vertex.paramTable(backpropParamsOnly);
  }

  @Override
  public INDArray getParam(String name) {
    return paramTable(false).get(name);
  }

  @Override
  public void setParam(String name, INDArray value) {
    INDArray param = getParam(name);
    if (param == null || !param.equalShapes(value)) {
      throw new IllegalArgumentException(
          "%s: expected one of the parameters %s in its own shape, got \"%s\" of shape %s"
              .formatted(vertex, paramTable(false).keySet(), name, value.shapeInfoToString()));
    }
    param.assign(value);
  }

  @Override
  public INDArray params() {
    return vertex.params();
  }

  @Override
  public void setParams(INDArray params) {
    vertex.params().assign(params);
  }

  @Override
  public long numParams() {
    return vertex.params().length();
  }

  /** The states after the last time step as "h0", N x (L K S H); null before the first. */
  @Override
  public Map<String, INDArray> rnnGetPreviousState() {
    INDArray state = vertex.storedState();
    return state == null ? null : Map.of(AbstractRnnVertex.H0, state);
  }

  @Override
  public void rnnSetPreviousState(Map<String, INDArray> state) {
    vertex.storeState(state == null ? null : state.get(AbstractRnnVertex.H0));
  }

  @Override
  public void rnnClearPreviousState() {
    vertex.storeState(null);
  }

  /** The state of truncated backpropagation through time, which the vertex refuses: none. */
  @Override
  public Map<String, INDArray> rnnGetTBPTTState() {
    return null;
  }

  @Override
  public void rnnSetTBPTTState(Map<String, INDArray> state) {
    throw noPass();
  }

  @Override
  public INDArray rnnTimeStep(INDArray x, LayerWorkspaceMgr workspaces) {
    throw noPass();
  }

  @Override
  public INDArray rnnActivateUsingStoredState(
      INDArray x, boolean training, boolean storeLast, LayerWorkspaceMgr workspaces) {
    throw noPass();
  }

  @Override
  public Pair<Gradient, INDArray> tbpttBackpropGradient(
      INDArray dOut, int length, LayerWorkspaceMgr workspaces) {
    throw noPass();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    throw noPass();
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray dOut, LayerWorkspaceMgr workspaces) {
    throw noPass();
  }

  private UnsupportedOperationException noPass() {
    return new UnsupportedOperationException(vertex + ": expected its passes to run in its graph");
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // It has none.
  }
}
