package org.descry.layer;

import java.util.Collection;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.descry.kernel.LossKernel;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss without parameters as a DL4J output layer. The score is the mean loss plus the
 * regularisation terms; masked examples add nothing to it and get a gradient of exactly zero.
 */
public abstract class LossLayer extends SameDiffOutputLayer {
  /** A new kernel for one instance of the layer. */
  abstract LossKernel kernel();

  /** What the network answers, as a SameDiff graph: probabilities or scores. */
  public abstract SDVariable defineOutput(SameDiff sameDiff, SDVariable input);

  /**
   * The losses as a SameDiff graph: one an example (N), or one a step (N x T), before any mask.
   *
   * @param labels the labels' placeholder
   */
  public abstract SDVariable defineLosses(SameDiff sameDiff, SDVariable input, SDVariable labels);

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray paramsView,
      boolean initializeParams,
      DataType type) {
    Layer layer = new LossLayerRuntime(conf, type, kernel());
    layer.setParamTable(initializer().init(conf, paramsView, initializeParams));
    return ExplicitLayer.placed(layer, conf, listeners, layerIndex, paramsView);
  }

  /**
   * The mean over the examples of {@link #defineLosses}, summed over steps if there are any: the
   * score without a mask.
   */
  @Override
  public final SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, SDVariable labels, Map<String, SDVariable> parameters) {
    SDVariable losses = defineLosses(sameDiff, input, labels);
    boolean steps = labels.placeholderShape().length == 2 && input.placeholderShape().length == 3;
    return (steps ? losses.sum(1) : losses).mean();
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    // A loss has none.
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    // A loss has none.
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return inputType;
  }
}
