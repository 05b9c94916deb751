package org.descry.export.stock;

import java.util.Map;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.OneHotLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.WordEmbeddingLayer;
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
    RecurrentStack stack = RecurrentStack.of(original);
    String output = input;
    for (RecurrentConverter.Cell cell : stack.cells()) {
      output = stack.counterpart().sequence(graph, cell, output);
    }
    return output;
  }
}
