package org.descry.gradcheck;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.layer.ExplicitLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer in training: {@code sum(out * dOut)} as a function of its parameters and its input.
 *
 * <p>The layer stands in a float64 network that has a view for its gradients.
 */
public final class LayerSubject implements Subject {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private final String name;
  private final Layer runtime;
  private final INDArray x;
  private final INDArray mask;
  private final INDArray dOut;
  private final ExplicitLayer layer;
  private final boolean inputGradient;

  /**
   * @param runtime the layer in its network
   * @param x a batch of inputs
   * @param mask the features' mask, or null
   * @param seed of dOut
   */
  public LayerSubject(String name, Layer runtime, INDArray x, INDArray mask, long seed) {
    this.name = name;
    this.runtime = runtime;
    this.layer = (ExplicitLayer) runtime.conf().getLayer();
    this.x = x;
    this.mask = mask;
    dOut = new Values(seed).normal(activate().shape());
    inputGradient = runtime.backpropGradient(dOut, NO_WORKSPACES).getSecond() != null;
  }

  private INDArray activate() {
    runtime.setInput(x, NO_WORKSPACES);
    runtime.setMaskArray(mask);
    return runtime.activate(true, NO_WORKSPACES).dup('c');
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, INDArray> variables() {
    Map<String, INDArray> variables = new LinkedHashMap<>(runtime.paramTable());
    variables.keySet().removeIf(layer::untrained);
    if (inputGradient) {
      variables.put(Autodiff.INPUT, x);
    }
    return variables;
  }

  @Override
  public double value() {
    return Values.dot(activate(), dOut);
  }

  @Override
  public Result explicit() {
    INDArray out = activate();
    Pair<Gradient, INDArray> flow = runtime.backpropGradient(dOut, NO_WORKSPACES);
    Result result = Result.of(out, flow.getFirst());
    if (inputGradient) {
      result.gradients().put(Autodiff.INPUT, flow.getSecond().dup('c'));
    }
    return result;
  }

  @Override
  public Result autodiff() {
    Result result =
        Autodiff.layer(layer, runtime.paramTable(), x, mask, dOut, variables().keySet());
    if (result != null) {
      // What is not trained gets no gradient.
      runtime.paramTable().keySet().stream()
          .filter(layer::untrained)
          .forEach(key -> result.gradients().put(key, runtime.getParam(key).like()));
    }
    return result;
  }
}
