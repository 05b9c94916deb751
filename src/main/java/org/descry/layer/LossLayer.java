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
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss without parameters as a DL4J output layer. The score is the mean loss plus the
 * regularisation terms; masked examples add nothing to it and get a gradient of exactly zero.
 */
public abstract class LossLayer extends SameDiffOutputLayer {
  /** A new kernel for one instance of the layer. */
  abstract LossKernel kernel();

  @Override
  public final Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int layerIndex,
      INDArray paramsView,
      boolean initializeParams,
      DataType type) {
    LossLayerRuntime layer = new LossLayerRuntime(conf, type, kernel());
    layer.setIndex(layerIndex);
    layer.setListeners(listeners);
    layer.setParamsViewArray(paramsView);
    layer.setParamTable(initializer().init(conf, paramsView, initializeParams));
    layer.setConf(conf);
    return layer;
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
