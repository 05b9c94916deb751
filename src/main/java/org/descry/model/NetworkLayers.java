package org.descry.model;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AbstractRnnVertex;

/** Looks into networks' configurations. */
public final class NetworkLayers {
  private NetworkLayers() {}

  /** The layer itself, or the one that does not learn within a {@link FrozenLayer}. */
  public static Layer unwrapped(Layer layer) {
    return layer instanceof FrozenLayer frozen ? frozen.getLayer() : layer;
  }

  /**
   * What a vertex reads, or reads first.
   *
   * @param inputs of the network
   * @param outputs of its vertices
   */
  static InputType input(
      ComputationGraphConfiguration configuration,
      String vertex,
      InputType[] inputs,
      Map<String, InputType> outputs) {
    String before = configuration.getVertexInputs().get(vertex).get(0);
    int index = configuration.getNetworkInputs().indexOf(before);
    return index < 0 ? outputs.get(before) : inputs[index];
  }

  /** Whether a network's recurrent part needs the end of a sequence for its beginning. */
  public static boolean readsBothDirections(ComputationGraph network) {
    GraphVertex vertex = network.getConfiguration().getVertices().get(NetworkModel.RNN);
    return vertex instanceof AbstractRnnVertex recurrent && recurrent.readsBothDirections();
  }

  /** What gives the state that a captioner's recurrent part starts from. */
  public static String initialState(ComputationGraph network) {
    return network.getConfiguration().getVertexInputs().get(NetworkModel.RNN).get(1);
  }

  /**
   * The width of all that a step of a network's recurrent part goes on from, the grid that it looks
   * at too; 0 where it has none.
   */
  public static int stateWidth(ComputationGraph network) {
    GraphVertex vertex = network.getConfiguration().getVertices().get(NetworkModel.RNN);
    return vertex instanceof AbstractRnnVertex recurrent ? (int) recurrent.stateWidth() : 0;
  }
}
