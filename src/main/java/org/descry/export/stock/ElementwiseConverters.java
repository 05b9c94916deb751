package org.descry.export.stock;

import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.layer.DropoutLayer;
import org.descry.layer.ReluLayer;
import org.descry.layer.ScaleLayer;
import org.descry.layer.SigmoidLayer;
import org.nd4j.linalg.activations.Activation;

/** Layers without parameters that treat each element by itself. */
final class ElementwiseConverters {
  private ElementwiseConverters() {}

  /**
   * DL4J's own function that is the same one.
   *
   * @throws org.descry.DescryException where there is none
   */
  static Activation activation(String name, Object layer, org.descry.kernel.Activation activation) {
    if (activation.stock() == null) {
      throw StockConverters.noCounterpart(name + " with " + activation, layer);
    }
    return activation.stock();
  }

  static String relu(StockGraph graph, Original<ReluLayer> original, String input) {
    return graph.layer(original.name(), new ActivationLayer(Activation.RELU), input);
  }

  static String sigmoid(StockGraph graph, Original<SigmoidLayer> original, String input) {
    return graph.layer(original.name(), new ActivationLayer(Activation.SIGMOID), input);
  }

  static String scale(StockGraph graph, Original<ScaleLayer> original, String input) {
    return graph.vertex(original.name(), new ScaleVertex(original.layer().factor()), input);
  }

  /** DL4J's dropout takes the probability to keep. */
  static String dropout(StockGraph graph, Original<DropoutLayer> original, String input) {
    double keep = 1 - original.layer().probability();
    return graph.layer(
        original.name(), new org.deeplearning4j.nn.conf.layers.DropoutLayer(keep), input);
  }
}
