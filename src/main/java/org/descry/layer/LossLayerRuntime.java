package org.descry.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.engine.tape.Tape;
import org.descry.kernel.LossKernel;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a loss's kernel where the stock runtime would interpret its SameDiff graph. */
final class LossLayerRuntime extends SameDiffOutputLayer implements Recordable {
  /** DL4J's updater divides the gradients by the batch size, so layers hand over sums. */
  private static final double SUM = 1;

  private final transient LossKernel kernel;
  private final transient TypeConversion inputs;
  private final transient TypeConversion targets;
  private final transient TypeConversion masks;
  private transient LossKernel.Cache cache;
  private long backwardPasses;

  LossLayerRuntime(NeuralNetConfiguration conf, DataType type, LossKernel kernel) {
    super(conf, type);
    this.kernel = kernel;
    inputs = new TypeConversion(type);
    targets = new TypeConversion(type);
    masks = new TypeConversion(type);
  }

  @Override
  public boolean takesExamplesApart() {
    return true;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    return kernel.output(
        inputs.of(input), ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATIONS));
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray dOut, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    forward();
    INDArray dX =
        kernel.backward(
            cache, SUM, ExplicitLayerRuntime.allocator(workspaces, ArrayType.ACTIVATION_GRAD));
    Tape.run(() -> backwardPasses++);
    return new Pair<>(new DefaultGradient(), dX);
  }

  /** See {@link ExplicitLayer#backwardPasses}. */
  long backwardPasses() {
    return backwardPasses;
  }

  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    if (cache == null) {
      forward();
    }
    return cache.loss() + regularization;
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    forward();
    return workspaces.dup(ArrayType.ACTIVATIONS, cache.losses()).addi(regularization);
  }

  private void forward() {
    if (labels == null) {
      throw new IllegalStateException(layerId() + ": expected labels, got none");
    }
    LossKernel.Cache left =
        kernel.forward(inputs.of(input), targets.of(labels), masks.of(maskArray));
    Tape.run(() -> cache = left);
  }

  @Override
  public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
    super.setInput(input, workspaces);
    cache = null;
  }

  @Override
  public void setLabels(INDArray labels) {
    super.setLabels(labels);
    cache = null;
  }

  @Override
  public void setMaskArray(INDArray mask) {
    if (mask != maskArray) {
      cache = null;
    }
    super.setMaskArray(mask);
  }

  @Override
  public void clear() {
    super.clear();
    labels = null;
    cache = null;
  }
}
