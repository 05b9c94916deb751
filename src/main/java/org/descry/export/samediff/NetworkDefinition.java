package org.descry.export.samediff;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.LossLayer;
import org.descry.layer.TimeMajorRnnVertex;
import org.descry.model.NetworkLayers;
import org.nd4j.autodiff.samediff.NameScope;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes a network, or a part of it, into a SameDiff graph: each layer as it defines itself, with
 * its parameters as variables named {@code layer/parameter}, in the network's order.
 *
 * <p>The walk goes from a vertex that is asked for down to what was {@link #put} in: so a part of a
 * network is cut off by putting in what is to stand for the rest.
 */
public final class NetworkDefinition {
  private final SameDiff graph;
  private final ComputationGraph network;
  private final ComputationGraphConfiguration configuration;
  private final Map<String, ShapedVariable> defined = new HashMap<>();
  private SDVariable mask;

  public NetworkDefinition(SameDiff graph, ComputationGraph network) {
    this.graph = graph;
    this.network = network;
    configuration = network.getConfiguration();
  }

  /** Lets the variable stand for the network's input or vertex of that name. */
  public NetworkDefinition put(String name, SDVariable variable, InputType type) {
    defined.put(name, new ShapedVariable(variable, type));
    return this;
  }

  /** Lets the variable, N x T, be the mask of all sequences. */
  NetworkDefinition masked(SDVariable variable) {
    mask = variable;
    return this;
  }

  /**
   * What a vertex gives; it and all that it stands on are added to the graph where they are not
   * there yet.
   *
   * @throws DescryException where it has no SameDiff definition that could be used
   */
  public SDVariable define(String name) {
    return shaped(name);
  }

  private ShapedVariable shaped(String name) {
    ShapedVariable known = defined.get(name);
    if (known != null) {
      return known;
    }
    GraphVertex vertex = configuration.getVertices().get(name);
    if (vertex == null) {
      throw unknown(name, "input");
    }
    List<ShapedVariable> inputs =
        configuration.getVertexInputs().get(name).stream().map(this::shaped).toList();
    if (vertex instanceof AbstractRnnVertex && !(vertex instanceof TimeMajorRnnVertex)) {
      definePass(name, inputs.size() == 1 ? null : inputs.get(1));
      return defined.get(name);
    }
    if (vertex instanceof ElementWiseVertex || vertex instanceof MergeVertex) {
      return putJoined(name, vertex, inputs);
    }
    if (!(vertex instanceof LayerVertex layerVertex) || layerVertex.getPreProcessor() != null) {
      throw unknown(name, vertex.getClass().getSimpleName());
    }
    Layer layer = NetworkLayers.unwrapped(layerVertex.getLayerConf().getLayer());
    SDVariable output;
    try (NameScope scope = graph.withNameScope(name)) {
      output = output(name, layer, inputs.get(0));
    }
    return putOutput(name, output, vertex, inputs.get(0).type());
  }

  /** What DL4J's vertices that join branches do: sums (residual connections) and concatenations. */
  private ShapedVariable putJoined(String name, GraphVertex vertex, List<ShapedVariable> inputs) {
    SDVariable[] parts = inputs.toArray(SDVariable[]::new);
    SDVariable output;
    if (vertex instanceof ElementWiseVertex elementWise
        && elementWise.getOp() == ElementWiseVertex.Op.Add) {
      output = parts[0];
      for (int i = 1; i < parts.length; i++) {
        output = output.add(parts[i]);
      }
    } else if (vertex instanceof MergeVertex
        && inputs.stream().noneMatch(in -> in.type() instanceof InputType.InputTypeRecurrent)) {
      output = graph.concat(1, parts);
    } else {
      throw unknown(name, vertex.getClass().getSimpleName());
    }
    put(
        name,
        output,
        vertex.getOutputType(
            0, inputs.stream().map(ShapedVariable::type).toArray(InputType[]::new)));
    return defined.get(name);
  }

  private SDVariable output(String name, Layer layer, ShapedVariable input) {
    if (layer instanceof LossLayer loss) {
      return loss.defineOutput(graph, input);
    }
    if (layer instanceof ExplicitLayer explicit) {
      return explicit.defineLayer(graph, input, parameters(name, explicit.state()), mask);
    }
    throw unknown(name, layer.getClass().getSimpleName());
  }

  /**
   * Adds the pass of a recurrent vertex over its input.
   *
   * @param state what it starts from, N x S; null for zeros
   * @return what it leaves, N x S
   * @throws DescryException where the vertex is of another kind
   */
  public SDVariable definePass(String name, SDVariable state) {
    GraphVertex vertex = configuration.getVertices().get(name);
    if (!(vertex instanceof AbstractRnnVertex recurrent)) {
      throw unknown(name, vertex.getClass().getSimpleName());
    }
    ShapedVariable input = shaped(configuration.getVertexInputs().get(name).get(0));
    try (NameScope scope = graph.withNameScope(name)) {
      AbstractRnnVertex.Pass pass =
          recurrent.definePass(input, state, mask, parameters(name, List.of()));
      putOutput(name, pass.output(), vertex, input.type());
      return pass.states().size() == 1
          ? pass.states().get(0)
          : graph.concat(1, pass.states().toArray(SDVariable[]::new));
    }
  }

  private ShapedVariable putOutput(
      String name, SDVariable output, GraphVertex vertex, InputType input) {
    put(name, output, vertex.getOutputType(0, input));
    return defined.get(name);
  }

  private Map<String, SDVariable> parameters(String name, List<String> state) {
    Map<String, SDVariable> parameters = new LinkedHashMap<>();
    network
        .getVertex(name)
        .paramTable(false)
        .forEach(
            (parameter, values) -> {
              String variable = name + "/" + parameter;
              INDArray copy = values.dup('c');
              parameters.put(
                  parameter,
                  state.contains(parameter)
                      ? graph.constant(variable, copy)
                      : graph.var(variable, copy));
            });
    return parameters;
  }

  private static DescryException unknown(String name, String piece) {
    return new UsageException(
        "The formats samediff and onnx cannot hold \"%s\" (%s); expected layers of Descry without preprocessors."
            .formatted(name, piece));
  }
}
