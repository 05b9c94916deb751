package org.descry.gradcheck;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.descry.layer.AttentionRnnVertex;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.LossLayer;
import org.descry.layer.TimeMajorRnnVertex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What SameDiff's interpreter and autodiff make of a layer's own definition: the oracle for the
 * explicit passes.
 */
final class Autodiff {
  /** The name of a layer's input. */
  static final String INPUT = "input";

  /** The name of an output. */
  static final String OUTPUT = "output";

  /** The name of a loss. */
  static final String LOSS = "loss";

  private static final String LABELS = "labels";

  private Autodiff() {}

  /**
   * The gradients of sum(out * dOut) in training.
   *
   * @param mask the features' mask, or null
   * @param wanted the gradients to compute, by name
   * @return null where no SameDiff graph can tell what the layer does in training
   */
  static Subject.Result layer(
      ExplicitLayer layer,
      Map<String, INDArray> params,
      INDArray x,
      INDArray mask,
      INDArray dOut,
      Set<String> wanted) {
    SameDiff graph = SameDiff.create();
    SDVariable input = placeHolder(graph, INPUT, x);
    SDVariable output =
        layer.defineTraining(
            graph,
            input,
            variables(graph, params),
            graph.constant("mask", mask == null ? layer.onesMaskForInput(x) : mask));
    if (output == null) {
      return null;
    }
    return run(graph, Map.of(INPUT, x), output.name(), projection(output, dOut), wanted);
  }

  /**
   * The gradients of sum(out * dOut) and what the vertex adds to the loss.
   *
   * @param inputs by the vertex's own names
   * @param mask the first input's mask, or null
   * @param wanted the gradients to compute, by name
   */
  static Subject.Result vertex(
      SameDiffVertex vertex,
      Map<String, INDArray> params,
      Map<String, INDArray> inputs,
      INDArray mask,
      INDArray dOut,
      Set<String> wanted) {
    SameDiff graph = SameDiff.create();
    Map<String, SDVariable> placeHolders = new LinkedHashMap<>();
    int batch = vertex instanceof TimeMajorRnnVertex ? 1 : 0;
    inputs.forEach((name, value) -> placeHolders.put(name, placeHolder(graph, name, value, batch)));
    Map<String, SDVariable> masks = new LinkedHashMap<>();
    if (mask != null) {
      masks.put(inputs.keySet().iterator().next(), graph.constant("mask", mask));
    }
    Map<String, SDVariable> variables = variables(graph, params);
    if (vertex instanceof AttentionRnnVertex attending) {
      var defined = attending.definePenalized(placeHolders, variables, masks.get("x"));
      SDVariable loss = projection(defined.output(), dOut).add(defined.penalty());
      return run(graph, inputs, defined.output().name(), loss, wanted);
    }
    SDVariable output = vertex.defineVertex(graph, placeHolders, variables, masks);
    return run(graph, inputs, output.name(), projection(output, dOut), wanted);
  }

  /**
   * The gradient of the mean loss: the sum over what the mask keeps, divided by the examples.
   *
   * @param mask of the labels, or null
   */
  static Subject.Result loss(LossLayer layer, INDArray x, INDArray labels, INDArray mask) {
    SameDiff graph = SameDiff.create();
    SDVariable input = placeHolder(graph, INPUT, x);
    SDVariable target = placeHolder(graph, LABELS, labels);
    SDVariable losses = layer.defineLosses(graph, input, target);
    if (mask != null) {
      long[] shape = x.rank() == 3 ? mask.shape() : new long[] {mask.length()};
      losses = losses.mul(graph.constant("mask", mask.reshape(shape)));
    }
    SDVariable loss = losses.sum().div(x.size(0));
    return run(
        graph,
        Map.of(INPUT, x, LABELS, labels),
        layer.activationsVertexName(),
        loss,
        Set.of(INPUT));
  }

  private static SDVariable projection(SDVariable output, INDArray dOut) {
    return output.mul(output.getSameDiff().constant("dOut", dOut)).sum();
  }

  private static SDVariable placeHolder(SameDiff graph, String name, INDArray array) {
    return placeHolder(graph, name, array, 0);
  }

  /**
   * @param batch the dimension that is as large as the batch
   */
  private static SDVariable placeHolder(SameDiff graph, String name, INDArray array, int batch) {
    long[] shape = array.shape().clone();
    shape[batch] = -1;
    return graph.placeHolder(name, array.dataType(), shape);
  }

  private static Map<String, SDVariable> variables(SameDiff graph, Map<String, INDArray> params) {
    Map<String, SDVariable> variables = new LinkedHashMap<>();
    params.forEach((name, value) -> variables.put(name, graph.var(name, value.dup('c'))));
    return variables;
  }

  private static Subject.Result run(
      SameDiff graph,
      Map<String, INDArray> inputs,
      String output,
      SDVariable loss,
      Set<String> wanted) {
    graph.setLossVariables(loss);
    Map<String, INDArray> gradients = new HashMap<>();
    if (!wanted.isEmpty()) {
      graph.createGradFunction(wanted.toArray(String[]::new));
      graph
          .calculateGradients(inputs, wanted)
          .forEach((name, gradient) -> gradients.put(name, gradient.dup('c')));
    }
    INDArray activations =
        inputs.containsKey(output) ? inputs.get(output) : graph.outputSingle(inputs, output);
    INDArray value = graph.outputSingle(inputs, loss.name());
    return new Subject.Result(
        Map.of(OUTPUT, activations.dup('c'), LOSS, value.dup().reshape(1)), gradients);
  }
}
