package org.descry.export.stock;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.descry.engine.Seeding;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A network of DL4J's own layers in the making, and the parameters that it will have.
 *
 * <p>It follows the types itself: DL4J's {@code setInputTypes} takes the size of an embedding's
 * input for its number of words.
 */
public final class StockGraph {
  private final GraphBuilder builder =
      new NeuralNetConfiguration.Builder()
          .seed(Seeding.nonZero(0)) // by default DL4J writes the time into the configuration
          .dataType(DataType.FLOAT)
          .graphBuilder();
  private final Map<String, InputType> types = new HashMap<>();
  private String masked;
  private final Set<String> linear = new HashSet<>();
  private final Map<String, Map<String, INDArray>> parameters = new LinkedHashMap<>();

  /** Adds an input of sequences that have a mask and returns its name. */
  public String sequences(String name, InputType type) {
    masked = name;
    return input(name, type);
  }

  /** Adds an input and returns its name. */
  public String input(String name, InputType type) {
    builder.addInputs(name);
    types.put(name, type);
    return name;
  }

  /** Whether sequences have a mask. */
  boolean masked() {
    return masked != null;
  }

  /** Adds what turns sequences round, without their padding, and returns its name. */
  String turned(String name, String sequence) {
    return vertex(name, new ReverseTimeSeriesVertex(masked), sequence);
  }

  /** Adds what picks each sequence's last step that the mask keeps, and returns its name. */
  String lastStep(String sequence) {
    return vertex(sequence + "-last", new LastTimeStepVertex(masked), sequence);
  }

  /** What a vertex or an input gives. */
  InputType type(String vertex) {
    return types.get(vertex);
  }

  /**
   * Adds a layer and returns its name.
   *
   * @param params its parameters by DL4J's names, each of as many values as DL4J's
   */
  String layer(String name, Layer layer, Map<String, INDArray> params, String input) {
    InputType type = types.get(input);
    InputPreProcessor between = layer.getPreProcessorForInputType(type);
    builder.addLayer(name, layer, between, input);
    types.put(name, layer.getOutputType(-1, between == null ? type : between.getOutputType(type)));
    parameters.put(name, params);
    if (layer instanceof DenseLayer dense
        && dense.getActivationFn().equals(Activation.IDENTITY.getActivationFunction())) {
      linear.add(name);
    }
    return name;
  }

  /** Adds a layer without parameters and returns its name. */
  String layer(String name, Layer layer, String input) {
    return layer(name, layer, Map.of(), input);
  }

  /** Adds to the bias of a dense layer without an activation; false where it is none. */
  boolean addToBias(String name, INDArray more) {
    if (!linear.contains(name)) {
      return false;
    }
    Map<String, INDArray> params = new HashMap<>(parameters.get(name));
    params.computeIfPresent(DefaultParamInitializer.BIAS_KEY, (key, bias) -> bias.add(more));
    parameters.put(name, params);
    return true;
  }

  /** Adds a loss, whose output is what it reads, but for the activation, and returns its name. */
  String loss(String name, Layer loss, String input) {
    builder.addLayer(name, loss, loss.getPreProcessorForInputType(types.get(input)), input);
    return name;
  }

  /** Adds a vertex without parameters and returns its name. */
  String vertex(String name, GraphVertex vertex, String... vertexInputs) {
    builder.addVertex(name, vertex, vertexInputs);
    InputType[] inputTypes = new InputType[vertexInputs.length];
    for (int i = 0; i < inputTypes.length; i++) {
      inputTypes[i] = types.get(vertexInputs[i]);
    }
    types.put(name, vertex.getOutputType(-1, inputTypes));
    return name;
  }

  /** The network with its parameters. */
  public ComputationGraph build(String... outputs) {
    ComputationGraph network = new ComputationGraph(builder.setOutputs(outputs).build());
    network.init();
    parameters.forEach(
        (layer, params) -> {
          Map<String, INDArray> table = network.getLayer(layer).paramTable();
          if (!table.keySet().equals(params.keySet())) {
            throw new IllegalStateException(
                "%s: expected the parameters %s, got %s"
                    .formatted(layer, table.keySet(), params.keySet()));
          }
          table.forEach((name, values) -> values.assign(params.get(name).reshape(values.shape())));
        });
    return network;
  }
}
