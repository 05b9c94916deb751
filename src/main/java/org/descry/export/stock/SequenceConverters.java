package org.descry.export.stock;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.LastStepLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.TemporalBiasLayer;
import org.descry.layer.TiedRnnVertex;
import org.descry.layer.WordEmbeddingLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Sequences as DL4J has them, N x C x T. */
final class SequenceConverters {
  private SequenceConverters() {}

  static String embedding(StockGraph graph, Original<WordEmbeddingLayer> original, String input) {
    return embedding(graph, original.name(), original.params().get(ExplicitLayer.WEIGHTS), input);
  }

  /**
   * The rows of the identity: the export takes numbers of words whatever the original makes of
   * them.
   */
  static String oneHot(StockGraph graph, Original<OneHotLayer> original, String input) {
    return embedding(
        graph,
        original.name(),
        Nd4j.eye(original.layer().vocabulary()).castTo(DataType.FLOAT),
        input);
  }

  private static String embedding(StockGraph graph, String name, INDArray weights, String input) {
    return graph.layer(
        name,
        new EmbeddingSequenceLayer.Builder()
            .nIn(weights.size(0))
            .nOut(weights.size(1))
            .inferInputLength(true)
            .build(),
        Map.of(DefaultParamInitializer.WEIGHT_KEY, weights),
        input);
  }

  /**
   * One layer of DL4J's for each of the stack; it begins with zeros, whatever the original does.
   */
  static String rnn(StockGraph graph, Original<RnnVertex> original, String input) {
    return switch (original.layer().readout()) {
      case SEQUENCE -> RecurrentStack.of(original).addTo(graph, input);
      case FINAL_STATE -> RecurrentStack.of(original).addFinal(graph, input);
      case ALL_FINAL_STATES, INPUT_AND_STATE ->
          throw StockConverters.noCounterpart(original.name(), original.layer());
    };
  }

  static String lastStep(StockGraph graph, Original<LastStepLayer> original, String input) {
    return graph.lastStep(input);
  }

  /** The vectors are there twice: DL4J has a parameter in one layer only. */
  static String tied(StockGraph graph, Original<TiedRnnVertex> original, String input) {
    String name = original.name();
    INDArray vectors = original.params().get(TiedRnnVertex.WEIGHTS);
    String states =
        RecurrentStack.of(original)
            .addTo(graph, embedding(graph, name + "-vectors", vectors, input));
    return AffineConverters.dense(
        graph,
        name + "-scores",
        vectors.transpose(),
        Nd4j.zeros(DataType.FLOAT, vectors.size(0)),
        Activation.IDENTITY,
        states);
  }

  /** A part of the affine layer before it. */
  static String bias(StockGraph graph, Original<TemporalBiasLayer> original, String input) {
    if (!graph.addToBias(input, original.params().get(ExplicitLayer.BIAS))) {
      throw StockConverters.noCounterpart(original.name(), original.layer());
    }
    return input;
  }
}
