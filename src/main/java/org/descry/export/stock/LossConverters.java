package org.descry.export.stock;

import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.layer.SoftmaxLossLayer;
import org.descry.layer.SvmLossLayer;
import org.descry.layer.TemporalSoftmaxLossLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Losses as DL4J has them. */
final class LossConverters {
  private LossConverters() {}

  static String softmax(StockGraph graph, Original<SoftmaxLossLayer> original, String input) {
    return softmax(graph, original.name(), input);
  }

  /** Scores go through. DL4J has no multiclass hinge loss; its own takes labels of -1 and 1. */
  static String svm(StockGraph graph, Original<SvmLossLayer> original, String input) {
    return graph.loss(
        original.name(),
        new LossLayer.Builder(LossFunction.HINGE).activation(Activation.IDENTITY).build(),
        input);
  }

  /** On sequences N x V x T. */
  static String temporalSoftmax(
      StockGraph graph, Original<TemporalSoftmaxLossLayer> original, String input) {
    return graph.loss(
        original.name(),
        new RnnLossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
        input);
  }

  /** On rows N x K. */
  static String softmax(StockGraph graph, String name, String input) {
    return graph.loss(
        name,
        new LossLayer.Builder(LossFunction.MCXENT).activation(Activation.SOFTMAX).build(),
        input);
  }
}
