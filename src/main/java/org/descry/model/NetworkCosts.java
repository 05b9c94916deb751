package org.descry.model;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffLayer;
import org.descry.engine.Memory;
import org.descry.layer.AbstractConvLayer;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.AttentionRnnVertex;
import org.descry.layer.WordEmbeddingLayer;

/** What an example costs a network, counted from its configuration. */
public final class NetworkCosts {
  private NetworkCosts() {}

  /**
   * The multiplications with weights that the forward pass of an example takes, each with an
   * addition. A step of training takes about three times as many.
   *
   * @param inputs as the configuration was made for
   */
  public static long multiplyAdds(
      ComputationGraphConfiguration configuration, InputType... inputs) {
    Map<String, InputType> outputs = configuration.getLayerActivationTypes(false, inputs);
    return configuration.getVertices().entrySet().stream()
        .map(vertex -> cost(configuration, vertex.getKey(), vertex.getValue(), inputs, outputs))
        .reduce(0L, Memory::sum);
  }

  /** Of one vertex; {@code outputs} are the types of all. */
  static long cost(
      ComputationGraphConfiguration configuration,
      String name,
      GraphVertex vertex,
      InputType[] inputs,
      Map<String, InputType> outputs) {
    if (vertex instanceof AttentionRnnVertex looking) {
      return looking.multiplyAdds(steps(outputs.get(name)));
    }
    if (vertex instanceof AbstractRnnVertex rnn) {
      // Final states alone may be handed on: what is read says how many steps there are.
      long steps =
          Math.max(
              steps(outputs.get(name)),
              steps(NetworkLayers.input(configuration, name, inputs, outputs)));
      return Memory.product(weights(rnn.getVertexParams()), steps);
    }
    if (!(vertex instanceof LayerVertex layer)
        || !(NetworkLayers.unwrapped(layer.getLayerConf().getLayer()) instanceof SameDiffLayer own)
        || own instanceof WordEmbeddingLayer) {
      return 0;
    }
    long places = steps(outputs.get(name));
    if (own instanceof AbstractConvLayer conv) {
      InputType.InputTypeConvolutional in =
          (InputType.InputTypeConvolutional)
              NetworkLayers.input(configuration, name, inputs, outputs);
      places =
          Memory.product(
              conv.window().outHeight(in.getHeight()), conv.window().outWidth(in.getWidth()));
    }
    return Memory.product(weights(own.getLayerParams()), places);
  }

  private static long steps(InputType output) {
    return output instanceof InputType.InputTypeRecurrent sequence
        ? Math.max(1, sequence.getTimeSeriesLength())
        : 1;
  }

  private static long weights(SDLayerParams params) {
    return params.getWeightParams().values().stream().map(Memory::product).reduce(0L, Memory::sum);
  }
}
