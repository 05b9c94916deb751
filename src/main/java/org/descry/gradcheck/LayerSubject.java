package org.descry.gradcheck;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
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
  private final Definition definition;
  private final Set<String> state;
  private final boolean inputGradient;

  /** A layer's definition of itself, as {@code defineLayer} is. */
  @FunctionalInterface
  public interface Definition {
    /** Adds the layer to the graph and returns its output. */
    SDVariable define(
        SameDiff graph, SDVariable input, Map<String, SDVariable> params, SDVariable mask);
  }

  /**
   * @param runtime the layer in its network
   * @param x a batch of inputs
   * @param mask the features' mask, or null
   * @param definition what the layer computes in training; null where SameDiff cannot tell
   * @param state the parameters that are not trained: their gradient has to be zero
   * @param seed of dOut
   */
  public LayerSubject(
      String name,
      Layer runtime,
      INDArray x,
      INDArray mask,
      Definition definition,
      Set<String> state,
      long seed) {
    this.name = name;
    this.runtime = runtime;
    this.x = x;
    this.mask = mask;
    this.definition = definition;
    this.state = Set.copyOf(state);
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
    variables.keySet().removeAll(state);
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
    Map<String, INDArray> gradients = new LinkedHashMap<>();
    flow.getFirst().gradientForVariable().forEach((key, g) -> gradients.put(key, g.dup('c')));
    if (inputGradient) {
      gradients.put(Autodiff.INPUT, flow.getSecond().dup('c'));
    }
    return new Result(Map.of(Autodiff.OUTPUT, out), gradients);
  }

  @Override
  public Result autodiff() {
    if (definition == null) {
      return null;
    }
    SameDiffLayer layer = (SameDiffLayer) runtime.conf().getLayer();
    Set<String> wanted = new HashSet<>(variables().keySet());
    INDArray kept = mask == null ? layer.onesMaskForInput(x) : mask;
    Result result = Autodiff.layer(definition, runtime.paramTable(), x, kept, dOut, wanted);
    state.forEach(key -> result.gradients().put(key, runtime.paramTable().get(key).like()));
    return result;
  }
}
