package org.descry.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What SameDiff's interpreter and autodiff make of a layer's own {@code defineLayer}: the oracle
 * for the explicit passes.
 *
 * @param output the layer's output; for a loss layer its activations
 * @param loss sum(output * dOut), or the loss layer's loss
 * @param gradients of the loss with respect to each parameter, by name, and to {@link #INPUT}
 */
record SameDiffOracle(INDArray output, double loss, Map<String, INDArray> gradients) {
  /** The key of the input's gradient. */
  static final String INPUT = "input";

  private static final String LABELS = "labels";

  /**
   * @param mask the features' mask, or null
   * @param dOut the gradient that arrives at the output
   */
  static SameDiffOracle of(
      SameDiffLayer layer, Map<String, INDArray> params, INDArray x, INDArray mask, INDArray dOut) {
    SameDiff graph = SameDiff.create();
    SDVariable input = placeHolder(graph, INPUT, x);
    INDArray kept = mask == null ? layer.onesMaskForInput(x) : mask;
    SDVariable output =
        layer.defineLayer(graph, input, variables(graph, params), graph.constant("mask", kept));
    SDVariable loss = output.mul(graph.constant("dOut", dOut)).sum();
    return run(graph, Map.of(INPUT, x), output.name(), loss, params);
  }

  /** A loss layer, without a mask: {@code defineLayer} of a loss knows none. */
  static SameDiffOracle of(
      SameDiffOutputLayer layer, Map<String, INDArray> params, INDArray x, INDArray labels) {
    SameDiff graph = SameDiff.create();
    SDVariable input = placeHolder(graph, INPUT, x);
    SDVariable target = placeHolder(graph, LABELS, labels);
    SDVariable loss = layer.defineLayer(graph, input, target, variables(graph, params));
    return run(
        graph, Map.of(INPUT, x, LABELS, labels), layer.activationsVertexName(), loss, params);
  }

  private static SDVariable placeHolder(SameDiff graph, String name, INDArray array) {
    long[] shape = array.shape().clone();
    shape[0] = -1;
    return graph.placeHolder(name, array.dataType(), shape);
  }

  private static Map<String, SDVariable> variables(SameDiff graph, Map<String, INDArray> params) {
    Map<String, SDVariable> variables = new LinkedHashMap<>();
    params.forEach((name, value) -> variables.put(name, graph.var(name, value.dup('c'))));
    return variables;
  }

  private static SameDiffOracle run(
      SameDiff graph,
      Map<String, INDArray> inputs,
      String output,
      SDVariable loss,
      Map<String, INDArray> params) {
    graph.setLossVariables(loss);
    graph.createGradFunction(INPUT);
    List<String> wanted = new ArrayList<>(params.keySet());
    wanted.add(INPUT);
    Map<String, INDArray> gradients = new HashMap<>();
    graph
        .calculateGradients(inputs, wanted)
        .forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));
    INDArray activations =
        output.equals(INPUT) ? inputs.get(INPUT) : graph.outputSingle(inputs, output);
    double value = graph.outputSingle(inputs, loss.name()).getDouble(0);
    return new SameDiffOracle(activations.dup('c'), value, gradients);
  }
}
