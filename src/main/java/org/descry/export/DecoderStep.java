package org.descry.export;

import java.util.Map;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.descry.export.StockTwin.Original;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.descry.model.CaptioningRnn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One word of a captioner as a network of DL4J's own layers that remembers nothing: the word before
 * and the state in, the next word's probabilities and the next state out.
 *
 * <p>A recurrent layer's step {@code tanh(x Wx + h Wh + b)} is a dense layer on x and h side by
 * side.
 */
final class DecoderStep {
  /** The input of the words before, N x 1. */
  static final String WORD = "word";

  /** The input of the states, N x S; layer beside layer. */
  static final String STATE = "state";

  /** The output of the next words' probabilities, N x V. */
  static final String PROBABILITIES = "probabilities";

  /** The output of the next states, N x S. */
  static final String NEXT_STATE = "nextState";

  private DecoderStep() {}

  /**
   * @param network a captioner's
   * @throws org.descry.DescryException if a layer has no twin
   */
  static ComputationGraph of(ComputationGraph network) {
    Original<WordEmbeddingLayer> embedding =
        StockTwins.original(network, CaptioningRnn.EMBEDDING, WordEmbeddingLayer.class);
    Original<RnnVertex> rnn = StockTwins.original(network, CaptioningRnn.RNN, RnnVertex.class);
    Original<TemporalAffineLayer> scores =
        StockTwins.original(network, CaptioningRnn.SCORES, TemporalAffineLayer.class);
    RecurrentCells cells = RecurrentCells.of(rnn);
    int hidden = cells.hidden();
    StockGraph graph = new StockGraph();
    String below = embedding(graph, embedding, graph.input(WORD, InputType.feedForward(1)));
    graph.input(STATE, InputType.feedForward((long) cells.count() * hidden));
    String[] states = new String[cells.count()];
    for (int i = 0; i < states.length; i++) {
      String name = RecurrentCells.name(rnn.name(), i);
      String before =
          graph.vertex(name + "-before", new SubsetVertex(i * hidden, (i + 1) * hidden - 1), STATE);
      String both = graph.vertex(name + "-input", new MergeVertex(), below, before);
      INDArray weights = Nd4j.vstack(cells.inputWeights(i), cells.recurrentWeights(i));
      states[i] = AffineTwins.dense(graph, name, weights, cells.bias(i), Activation.TANH, both);
      below = states[i];
    }
    graph.vertex(NEXT_STATE, new MergeVertex(), states);
    LossTwins.softmax(graph, PROBABILITIES, AffineTwins.temporalAffine(graph, scores, below));
    return graph.build(PROBABILITIES, NEXT_STATE);
  }

  private static String embedding(
      StockGraph graph, Original<WordEmbeddingLayer> original, String input) {
    INDArray weights = original.params().get(ExplicitLayer.WEIGHTS);
    return graph.layer(
        original.name(),
        new EmbeddingLayer.Builder().nIn(weights.size(0)).nOut(weights.size(1)).build(),
        Map.of(DefaultParamInitializer.WEIGHT_KEY, weights),
        input);
  }
}
