package org.descry.model;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Seeding;
import org.descry.layer.FoldedNorm;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a trained network needs to answer and nothing else: batch normalisations are folded into the
 * maps before them ({@link FoldedNorm}).
 */
public final class InferenceNetwork {
  private final ComputationGraphConfiguration whole;
  private final GraphBuilder graph;
  private final Set<String> added = new HashSet<>();

  private InferenceNetwork(ComputationGraphConfiguration whole) {
    this.whole = whole;
    graph =
        new NeuralNetConfiguration.Builder()
            .seed(Seeding.nonZero(whole.getDefaultConfiguration().getSeed()))
            .dataType(whole.getDataType())
            .graphBuilder();
  }

  /** The network itself where there is nothing to fold, else one with parameters of its own. */
  public static ComputationGraph of(ComputationGraph network) {
    boolean folds =
        network.getConfiguration().getVertices().values().stream()
            .anyMatch(vertex -> vertex instanceof LayerVertex layer && folds(layer));
    return folds ? of(network, network.getConfiguration().getNetworkOutputs()) : network;
  }

  /**
   * A network of its own from the inputs to some vertices, with parameters of its own.
   *
   * @param outputs names of vertices
   */
  public static ComputationGraph of(ComputationGraph network, List<String> outputs) {
    InferenceNetwork part = new InferenceNetwork(network.getConfiguration());
    outputs.forEach(part::add);
    part.graph.setOutputs(outputs.toArray(String[]::new));
    ComputationGraph answering = new ComputationGraph(part.graph.build());
    answering.init();
    for (org.deeplearning4j.nn.graph.vertex.GraphVertex vertex : answering.getVertices()) {
      Map<String, INDArray> copies = vertex.paramTable(false);
      Map<String, INDArray> params = network.getVertex(vertex.getVertexName()).paramTable(false);
      Map<String, INDArray> from =
          part.whole.getVertices().get(vertex.getVertexName()) instanceof LayerVertex layer
                  && folds(layer)
              ? FoldedNorm.parameters(unwrapped(layer), params)
              : params;
      copies.forEach((key, copy) -> copy.assign(from.get(key).reshape(copy.shape())));
    }
    return answering;
  }

  private static boolean folds(LayerVertex vertex) {
    return FoldedNorm.foldable(unwrapped(vertex));
  }

  private static Layer unwrapped(LayerVertex vertex) {
    return NetworkLayers.unwrapped(vertex.getLayerConf().getLayer());
  }

  /** Adds a vertex after what it stands on. */
  private void add(String name) {
    if (!added.add(name)) {
      return;
    }
    if (whole.getNetworkInputs().contains(name)) {
      graph.addInputs(name);
      return;
    }
    List<String> inputs = whole.getVertexInputs().get(name);
    inputs.forEach(this::add);
    String[] below = inputs.toArray(String[]::new);
    GraphVertex vertex = whole.getVertices().get(name);
    if (vertex instanceof LayerVertex layer) {
      graph.addLayer(
          name,
          folds(layer)
              ? FoldedNorm.layer(unwrapped(layer))
              : layer.getLayerConf().getLayer().clone(),
          layer.getPreProcessor(),
          below);
    } else {
      graph.addVertex(name, vertex.clone(), below);
    }
  }
}
