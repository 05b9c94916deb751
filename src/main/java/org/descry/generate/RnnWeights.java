package org.descry.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.NativeOp;
import org.descry.kernel.RnnCell;
import org.descry.kernel.SoftAttention;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.AttentionRnnVertex;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.RnnVertex;
import org.descry.layer.TiedRnnVertex;
import org.descry.model.CaptioningRnn;
import org.descry.model.NetworkModel;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The weights of the recurrent part of a captioner or language model, as decoding reads them. Never
 * written to, and so for any number of threads.
 *
 * <p>The product of word vectors and input weights is computed once for the whole vocabulary, so
 * that a step looks it up.
 *
 * @param cells from the words up
 * @param wordInputs x Wx + b of the first cell for each word, V x (G H)
 * @param look how the first cell looks at a grid; null where it does not
 * @param input what the scores read of a word itself; null for nothing
 * @param scoring H x V
 * @param scoringBias V, hugely negative for words that are never to be chosen
 */
record RnnWeights(
    List<Cell> cells,
    INDArray wordInputs,
    Look look,
    Input input,
    INDArray scoring,
    INDArray scoringBias) {

  /**
   * A cell's parameters.
   *
   * @param wX D x (G H)
   * @param wH H x (G H)
   * @param b G H
   */
  record Cell(RnnCell kind, INDArray wX, INDArray wH, INDArray b) {}

  /**
   * What the scores read of a word.
   *
   * @param vectors V x D; null for one-hot words
   * @param scoring D x V
   */
  record Input(INDArray vectors, INDArray scoring) {}

  /** Attention over a grid of so many places and channels. */
  record Look(AttentionRnnVertex vertex, SoftAttention.Parameters parameters) {}

  /**
   * @param network a network with the layer names of {@link CaptioningRnn}
   * @param banned words that are never to be chosen
   */
  static RnnWeights of(ComputationGraph network, int... banned) {
    var vertex = (AbstractRnnVertex) network.getConfiguration().getVertices().get(NetworkModel.RNN);
    Map<String, INDArray> rnn = network.getVertex(NetworkModel.RNN).paramTable(false);
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; rnn.containsKey("Wx" + i); i++) {
      cells.add(new Cell(vertex.cell(), rnn.get("Wx" + i), rnn.get("Wh" + i), rnn.get("b" + i)));
    }
    Layer scores = network.getLayer(NetworkModel.SCORES);
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      INDArray scoring;
      INDArray wordVectors; // null for one-hot words
      if (vertex instanceof TiedRnnVertex) {
        wordVectors = rnn.get(TiedRnnVertex.WEIGHTS);
        scoring = wordVectors.transpose().dup('c');
      } else {
        wordVectors =
            network.getLayer(NetworkModel.EMBEDDING).paramTable(false).get(ExplicitLayer.WEIGHTS);
        scoring = scores.getParam(ExplicitLayer.WEIGHTS);
      }
      INDArray bias = scores.getParam(ExplicitLayer.BIAS).dup();
      for (int word : banned) {
        bias.putScalar(word, -Float.MAX_VALUE);
      }
      INDArray wordInputs = wordInputs(cells.get(0), wordVectors, scoring.size(1));
      Look look =
          vertex instanceof AttentionRnnVertex attending
              ? new Look(attending, AttentionRnnVertex.attention(rnn))
              : null;
      Input input = null;
      if (vertex instanceof RnnVertex rnnVertex
          && rnnVertex.readout() == RnnVertex.Readout.INPUT_AND_STATE) {
        long width = scoring.size(0) - cells.get(0).wH.size(0);
        input = new Input(wordVectors, rows(scoring, 0, width));
        scoring = rows(scoring, width, scoring.size(0));
      }
      return new RnnWeights(List.copyOf(cells), wordInputs, look, input, scoring, bias);
    }
  }

  private static INDArray rows(INDArray matrix, long from, long to) {
    return matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all()).dup('c');
  }

  private static INDArray wordInputs(Cell first, INDArray wordVectors, long vocabulary) {
    INDArray inputs = Nd4j.createUninitialized(first.wX.dataType(), vocabulary, first.wX.size(1));
    if (wordVectors == null) {
      inputs.assign(first.wX); // one-hot words choose rows
    } else {
      new NativeOp("matmul", 0, 0, 0).in(wordVectors, first.wX).out(inputs).run();
    }
    new NativeOp("biasadd").in(inputs, first.b).out(inputs).run();
    return inputs;
  }

  DataType type() {
    return scoring.dataType();
  }

  int vocabulary() {
    return (int) scoring.size(1);
  }
}
