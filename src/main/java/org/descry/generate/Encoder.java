package org.descry.generate;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.Seeding;
import org.descry.model.CaptioningRnn;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Cuts a captioner's network off above {@link CaptioningRnn#PROJECTION}. */
final class Encoder {
  private Encoder() {}

  /** A network of its own from the images to the initial states, with the same parameters. */
  static ComputationGraph of(ComputationGraph network) {
    ComputationGraphConfiguration whole = network.getConfiguration();
    GraphBuilder graph =
        new NeuralNetConfiguration.Builder()
            .seed(Seeding.nonZero(whole.getDefaultConfiguration().getSeed()))
            .dataType(whole.getDataType())
            .graphBuilder()
            .addInputs(CaptioningRnn.IMAGE);
    Set<String> added = new HashSet<>(Set.of(CaptioningRnn.IMAGE));
    add(CaptioningRnn.PROJECTION, whole, graph, added);
    ComputationGraph encoder =
        new ComputationGraph(graph.setOutputs(CaptioningRnn.PROJECTION).build());
    encoder.init();
    for (org.deeplearning4j.nn.graph.vertex.GraphVertex vertex : encoder.getVertices()) {
      Map<String, INDArray> copies = vertex.paramTable(false);
      network
          .getVertex(vertex.getVertexName())
          .paramTable(false)
          .forEach((key, value) -> copies.get(key).assign(value));
    }
    return encoder;
  }

  /** Adds a vertex after what it stands on. */
  private static void add(
      String name, ComputationGraphConfiguration whole, GraphBuilder graph, Set<String> added) {
    if (added.add(name)) {
      List<String> inputs = whole.getVertexInputs().get(name);
      inputs.forEach(input -> add(input, whole, graph, added));
      String[] below = inputs.toArray(String[]::new);
      GraphVertex vertex = whole.getVertices().get(name);
      if (vertex instanceof LayerVertex layer) {
        graph.addLayer(
            name, layer.getLayerConf().getLayer().clone(), layer.getPreProcessor(), below);
      } else {
        graph.addVertex(name, vertex.clone(), below);
      }
    }
  }
}
