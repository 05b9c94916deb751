package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffOutputLayer;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What SameDiff's interpreter and autodiff make of a layer's own definition: the oracle for the
 * explicit passes.
 *
 * @param output the layer's output; for a loss layer its activations
 * @param loss sum(output * dOut), or the loss layer's loss
 * @param gradients of the loss with respect to parameters and inputs, by name
 */
record SameDiffOracle(INDArray output, double loss, Map<String, INDArray> gradients) {
  /** The name of a layer's input. */
  static final String INPUT = "input";

  private static final String LABELS = "labels";

  /** A layer's definition of itself. */
  @FunctionalInterface
  interface Definition {
    SDVariable define(
        SameDiff graph, SDVariable input, Map<String, SDVariable> params, SDVariable mask);
  }

  /**
   * @param mask the features' mask
   * @param dOut the gradient that arrives at the output
   * @param wanted the gradients to compute, by name
   */
  static SameDiffOracle of(
      Definition layer,
      Map<String, INDArray> params,
      INDArray x,
      INDArray mask,
      INDArray dOut,
      Set<String> wanted) {
    SameDiff graph = SameDiff.create();
    SDVariable input = placeHolder(graph, INPUT, x);
    SDVariable output =
        layer.define(graph, input, variables(graph, params), graph.constant("mask", mask));
    return run(graph, Map.of(INPUT, x), output.name(), projection(output, dOut), wanted);
  }

  /**
   * @param inputs by the vertex's own names
   * @param mask the first input's mask, or null
   */
  static SameDiffOracle of(
      SameDiffVertex vertex,
      Map<String, INDArray> params,
      Map<String, INDArray> inputs,
      INDArray mask,
      INDArray dOut) {
    SameDiff graph = SameDiff.create();
    Map<String, SDVariable> placeHolders = new LinkedHashMap<>();
    inputs.forEach((name, value) -> placeHolders.put(name, placeHolder(graph, name, value)));
    Map<String, SDVariable> masks = new LinkedHashMap<>();
    if (mask != null) {
      masks.put(inputs.keySet().iterator().next(), graph.constant("mask", mask));
    }
    SDVariable output = vertex.defineVertex(graph, placeHolders, variables(graph, params), masks);
    Set<String> wanted = new HashSet<>(params.keySet());
    wanted.addAll(inputs.keySet());
    return run(graph, inputs, output.name(), projection(output, dOut), wanted);
  }

  /** A loss layer, without a mask: {@code defineLayer} of a loss knows none. */
  static SameDiffOracle of(
      SameDiffOutputLayer layer, Map<String, INDArray> params, INDArray x, INDArray labels) {
    SameDiff graph = SameDiff.create();
    SDVariable input = placeHolder(graph, INPUT, x);
    SDVariable target = placeHolder(graph, LABELS, labels);
    SDVariable loss = layer.defineLayer(graph, input, target, variables(graph, params));
    Set<String> wanted = new HashSet<>(params.keySet());
    wanted.add(INPUT);
    return run(
        graph, Map.of(INPUT, x, LABELS, labels), layer.activationsVertexName(), loss, wanted);
  }

  /** Asserts that an explicit gradient is autodiff's. */
  void assertGradient(String name, INDArray explicit) {
    assertThat(Vectors.relativeError(explicit, gradients.get(name)))
        .as("explicit gradient of %s against autodiff", name)
        .isLessThan(LayerContract.TOLERANCE);
  }

  private static SDVariable projection(SDVariable output, INDArray dOut) {
    return output.mul(output.getSameDiff().constant("dOut", dOut)).sum();
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
      Set<String> wanted) {
    graph.setLossVariables(loss);
    graph.createGradFunction(wanted.toArray(String[]::new));
    Map<String, INDArray> gradients = new HashMap<>();
    graph
        .calculateGradients(inputs, wanted)
        .forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));
    INDArray activations =
        inputs.containsKey(output) ? inputs.get(output) : graph.outputSingle(inputs, output);
    double value = graph.outputSingle(inputs, loss.name()).getDouble(0);
    return new SameDiffOracle(activations.dup('c'), value, gradients);
  }
}
