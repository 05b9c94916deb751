package org.descry.gradcheck;

import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.layer.LossLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss layer: the score as a function of the scores of the batch.
 *
 * @param runtime the layer in its float64 network
 * @param x a batch of inputs
 * @param labels theirs
 * @param mask of the labels, or null
 */
public record LossSubject(String name, Layer runtime, INDArray x, INDArray labels, INDArray mask)
    implements Subject {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  @Override
  public Map<String, INDArray> variables() {
    return Map.of(Autodiff.INPUT, x);
  }

  @Override
  public double value() {
    runtime.setInput(x, NO_WORKSPACES);
    ((IOutputLayer) runtime).setLabels(labels);
    runtime.setMaskArray(mask);
    return ((IOutputLayer) runtime).computeScore(0, true, NO_WORKSPACES);
  }

  /** DL4J has layers hand over the gradient of the sum; the score is the mean. */
  @Override
  public Result explicit() {
    INDArray loss = Values.array(new double[] {value()}, 1);
    INDArray gradient = runtime.backpropGradient(null, NO_WORKSPACES).getSecond().dup('c');
    INDArray out = runtime.activate(false, NO_WORKSPACES).dup('c');
    return new Result(
        Map.of(Autodiff.OUTPUT, out, Autodiff.LOSS, loss),
        Map.of(Autodiff.INPUT, gradient.divi(x.size(0))));
  }

  @Override
  public Result autodiff() {
    return Autodiff.loss((LossLayer) runtime.conf().getLayer(), x, labels, mask);
  }
}
