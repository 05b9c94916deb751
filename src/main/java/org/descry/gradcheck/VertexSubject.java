package org.descry.gradcheck;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.descry.layer.AbstractRnnVertex;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex in training: {@code sum(out * dOut)}, and what it adds to the loss, as a function of its
 * parameters and its inputs.
 *
 * <p>The vertex stands in a float64 network that has a view for its gradients.
 */
public final class VertexSubject implements Subject {
  private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

  private final String name;
  private final GraphVertex runtime;
  private final SameDiffVertex definition;
  private final Map<String, INDArray> inputs;
  private final INDArray mask;
  private final INDArray dOut;
  private final Set<String> withoutGradient = new HashSet<>();

  /**
   * @param runtime the vertex in its network
   * @param definition its configuration
   * @param inputs a batch of each input by the vertex's own name for it, in its order
   * @param mask the first input's mask, or null
   * @param seed of dOut
   */
  public VertexSubject(
      String name,
      GraphVertex runtime,
      SameDiffVertex definition,
      Map<String, INDArray> inputs,
      INDArray mask,
      long seed) {
    this.name = name;
    this.runtime = runtime;
    this.definition = definition;
    this.inputs = new LinkedHashMap<>(inputs);
    this.mask = mask;
    dOut = new Values(seed).normal(activate().shape());
    runtime.setEpsilon(dOut);
    INDArray[] dInputs = runtime.doBackward(false, NO_WORKSPACES).getSecond();
    int i = 0;
    for (String input : inputs.keySet()) {
      if (dInputs[i++] == null) {
        withoutGradient.add(input);
      }
    }
  }

  private INDArray activate() {
    int i = 0;
    for (INDArray input : inputs.values()) {
      runtime.setInput(i++, input, NO_WORKSPACES);
    }
    if (mask != null) {
      INDArray[] masks = new INDArray[inputs.size()];
      masks[0] = mask;
      runtime.feedForwardMaskArrays(masks, MaskState.Active, (int) mask.size(0));
    }
    return runtime.doForward(true, NO_WORKSPACES).dup('c');
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, INDArray> variables() {
    Map<String, INDArray> variables = new LinkedHashMap<>(runtime.paramTable(false));
    variables.putAll(inputs);
    variables.keySet().removeAll(withoutGradient);
    return variables;
  }

  @Override
  public double value() {
    double value = Values.dot(activate(), dOut);
    return definition instanceof AbstractRnnVertex
        ? value + AbstractRnnVertex.penalty(runtime)
        : value;
  }

  @Override
  public Result explicit() {
    INDArray out = activate();
    runtime.setEpsilon(dOut);
    Pair<Gradient, INDArray[]> flow = runtime.doBackward(false, NO_WORKSPACES);
    Result result = Result.of(out, flow.getFirst());
    int i = 0;
    for (String input : inputs.keySet()) {
      INDArray gradient = flow.getSecond()[i++];
      if (gradient != null) {
        result.gradients().put(input, gradient.dup('c'));
      }
    }
    return result;
  }

  @Override
  public Result autodiff() {
    return Autodiff.vertex(
        definition, runtime.paramTable(false), inputs, mask, dOut, variables().keySet());
  }
}
