package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.Allocator;
import org.descry.engine.Memory;
import org.descry.engine.tape.Tape;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a layer's explicit passes where the stock runtime would interpret its SameDiff graph. */
final class ExplicitLayerRuntime extends SameDiffLayer implements Recordable {
  private final transient ExplicitPass pass;
  private final transient TypeConversion inputs;
  private final transient TypeConversion masks;
  private final transient Penalty penalty =
      new Penalty(param -> layerConf().getRegularizationByParam(param));
  private long backwardPasses;

  ExplicitLayerRuntime(NeuralNetConfiguration conf, DataType type, ExplicitPass pass) {
    super(conf, type);
    this.pass = pass;
    inputs = new TypeConversion(type);
    masks = new TypeConversion(type);
    // DL4J hands no views to a layer without parameters.
    gradTable = Map.of();
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    pass.iteration(getIterationCount());
    return pass.forward(
        inputs.of(input),
        masks.of(maskArray),
        training,
        paramTable,
        allocator(workspaces, ArrayType.ACTIVATIONS));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray dOut, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    ExplicitLayer layer = (ExplicitLayer) layerConf();
    Allocator allocator =
        layer.inputGradient() ? allocator(workspaces, ArrayType.ACTIVATION_GRAD) : null;
    INDArray dX = pass.backward(dOut, gradTable, allocator);
    for (String param : layer.fixed()) {
      gradTable.get(param).assign(0); // no part of the whole gradient's norm
    }
    Tape.run(() -> backwardPasses++);
    Gradient gradient = new DefaultGradient(gradients);
    gradTable.forEach(gradient.gradientForVariable()::put);
    return new Pair<>(gradient, dX);
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArray(
      INDArray mask, MaskState state, int batchSize) {
    Pair<INDArray, MaskState> passed = super.feedForwardMaskArray(mask, state, batchSize);
    return ((ExplicitLayer) layerConf()).passesMask() ? passed : new Pair<>(null, state);
  }

  @Override
  public boolean recordable() {
    return pass.recordable();
  }

  @Override
  public boolean takesExamplesApart() {
    // What a layer keeps beside what it learns are statistics of batches.
    return pass.takesExamplesApart() && ((ExplicitLayer) layerConf()).state().isEmpty();
  }

  @Override
  public void beforeReplay() {
    pass.iteration(getIterationCount());
  }

  /** See {@link ExplicitLayer#backwardPasses}. */
  long backwardPasses() {
    return backwardPasses;
  }

  /** The stock runtime leaves its parameters' L1 and L2 terms out of the score. */
  @Override
  public double calcRegularizationScore(boolean backpropParamsOnly) {
    return penalty.score(paramTable, getIterationCount(), getEpochCount());
  }

  /** Copies the values; the stock runtime checks the shape and then does nothing. */
  @Override
  public void setParam(String key, INDArray value) {
    super.setParam(key, value);
    paramTable.get(key).assign(value);
  }

  static Allocator allocator(LayerWorkspaceMgr workspaces, ArrayType type) {
    return (dataType, shape) -> {
      Memory.require(dataType, shape);
      return workspaces.createUninitialized(type, dataType, shape, 'c');
    };
  }
}
