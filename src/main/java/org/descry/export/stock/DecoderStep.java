package org.descry.export.stock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.descry.export.stock.StockConverter.Original;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.TemporalAffineLayer;
import org.descry.layer.WordEmbeddingLayer;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One word of a captioner as a network of DL4J's own layers that remembers nothing: the word before
 * and the state in, the next word's probabilities and the next state out.
 */
public final class DecoderStep {
  /** The input of the words before, N x 1. */
  public static final String WORD = "word";

  /** The input of the states, N x S; layer beside layer, of an LSTM h and c of each. */
  public static final String STATE = "state";

  /** The output of the next words' probabilities, N x V. */
  public static final String PROBABILITIES = "probabilities";

  /** The output of the next states, N x S. */
  public static final String NEXT_STATE = "nextState";

  private DecoderStep() {}

  /**
   * @param network a captioner's
   * @throws org.descry.DescryException if a layer has no counterpart
   */
  public static ComputationGraph of(ComputationGraph network) {
    Original<WordEmbeddingLayer> embedding =
        StockConverters.original(network, NetworkModel.EMBEDDING, WordEmbeddingLayer.class);
    Original<RnnVertex> rnn = StockConverters.original(network, NetworkModel.RNN, RnnVertex.class);
    Original<TemporalAffineLayer> scores =
        StockConverters.original(network, NetworkModel.SCORES, TemporalAffineLayer.class);
    RecurrentStack stack = RecurrentStack.of(rnn);
    if (stack.directions() == 2) {
      throw StockConverters.noCounterpart(rnn.name(), rnn.layer());
    }
    StockGraph graph = new StockGraph();
    String output = embedding(graph, embedding, graph.input(WORD, InputType.feedForward(1)));
    graph.input(STATE, InputType.feedForward(rnn.layer().stateWidth()));
    List<String> next = new ArrayList<>();
    int offset = 0;
    for (RecurrentConverter.Cell cell : stack.cells()) {
      List<String> before = new ArrayList<>();
      for (int i = 0; i < stack.states(); i++) {
        int end = offset + (int) cell.hidden();
        before.add(
            graph.vertex(cell.name() + "-before" + i, new SubsetVertex(offset, end - 1), STATE));
        offset = end;
      }
      List<String> after = stack.counterpart().step(graph, cell, output, before);
      next.addAll(after);
      output = after.get(0);
    }
    graph.vertex(NEXT_STATE, new MergeVertex(), next.toArray(String[]::new));
    LossConverters.softmax(
        graph, PROBABILITIES, AffineConverters.temporalAffine(graph, scores, output));
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
