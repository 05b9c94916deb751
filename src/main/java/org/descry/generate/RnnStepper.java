package org.descry.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.kernel.CellStep;
import org.descry.kernel.RnnCell;
import org.descry.layer.AbstractRnnVertex;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.TiedRnnVertex;
import org.descry.model.CaptioningRnn;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Runs the recurrent part of a captioner or language model word by word. It reads the network's
 * parameters and keeps the state to itself, so that several steppers work on one network in several
 * threads; one stepper belongs to one thread.
 *
 * <p>The product of word vectors and input weights is computed once for the whole vocabulary, so
 * that a step looks it up.
 */
final class RnnStepper {
  /** A cell's parameters, and its state in one of two sets of buffers. */
  private static final class Cell {
    final INDArray wX;
    final INDArray wH;
    final INDArray b;
    final CellStep step;
    final Scratch preactivations = new Scratch();
    final Scratch[][] buffers;
    final INDArray[] state;
    final INDArray[] next;

    Cell(RnnCell kind, INDArray wX, INDArray wH, INDArray b) {
      this.wX = wX;
      this.wH = wH;
      this.b = b;
      step = kind.step();
      state = new INDArray[kind.states()];
      next = new INDArray[kind.states()];
      buffers = new Scratch[2][kind.states()];
      for (Scratch[] set : buffers) {
        Arrays.setAll(set, i -> new Scratch());
      }
    }

    long hidden() {
      return wH.size(0);
    }

    long rows() {
      return state[0].size(0);
    }

    /** Begins with buffers for so many rows, their contents undefined. */
    void start(long rows) {
      for (int i = 0; i < state.length; i++) {
        state[i] = buffers[0][i].get(wH.dataType(), rows, hidden());
        next[i] = buffers[1][i].get(wH.dataType(), rows, hidden());
      }
    }

    /** What was written into the next state is the state. */
    void swap() {
      for (int i = 0; i < state.length; i++) {
        INDArray before = state[i];
        state[i] = next[i];
        next[i] = before;
      }
    }

    /** Reads x Wx + b and returns the new output. */
    INDArray advance(INDArray a) {
      step.run(a, wH, state, next);
      swap();
      return state[0];
    }
  }

  private final NativeOp gather = new NativeOp("gather", 0);
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp addBias = new NativeOp("biasadd");
  private final List<Cell> cells = new ArrayList<>();
  private final INDArray wordInputs;
  private final INDArray scoreWeights;
  private final INDArray scoreBias;
  private final Scratch scores = new Scratch();

  /**
   * @param network a network with the layer names of {@link CaptioningRnn}
   * @param banned words that are never to be chosen
   */
  RnnStepper(ComputationGraph network, int... banned) {
    var vertex =
        (AbstractRnnVertex) network.getConfiguration().getVertices().get(CaptioningRnn.RNN);
    Map<String, INDArray> rnn = network.getVertex(CaptioningRnn.RNN).paramTable(false);
    for (int i = 0; rnn.containsKey("Wx" + i); i++) {
      cells.add(new Cell(vertex.cell(), rnn.get("Wx" + i), rnn.get("Wh" + i), rnn.get("b" + i)));
    }
    Layer scoring = network.getLayer(CaptioningRnn.SCORES);
    INDArray wordVectors; // null for one-hot words
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      if (vertex instanceof TiedRnnVertex) {
        wordVectors = rnn.get(TiedRnnVertex.WEIGHTS);
        scoreWeights = wordVectors.transpose().dup('c');
      } else {
        wordVectors =
            network.getLayer(CaptioningRnn.EMBEDDING).paramTable(false).get(ExplicitLayer.WEIGHTS);
        scoreWeights = scoring.getParam(ExplicitLayer.WEIGHTS);
      }
      scoreBias = scoring.getParam(ExplicitLayer.BIAS).dup();
      Cell first = cells.get(0);
      wordInputs = Nd4j.createUninitialized(type(), vocabulary(), first.wX.size(1));
      if (wordVectors == null) {
        wordInputs.assign(first.wX); // one-hot words choose rows
      } else {
        product.in(wordVectors, first.wX).out(wordInputs).run();
      }
      addBias.in(wordInputs, first.b).out(wordInputs).run();
    }
    for (int word : banned) {
      scoreBias.putScalar(word, -Float.MAX_VALUE);
    }
  }

  DataType type() {
    return scoreWeights.dataType();
  }

  int vocabulary() {
    return (int) scoreWeights.size(1);
  }

  /** Begins with the given states, rows x (L S H), or with zeros. */
  void start(long rows, INDArray h0) {
    long column = 0;
    for (Cell cell : cells) {
      cell.start(rows);
      for (INDArray state : cell.state) {
        if (h0 == null) {
          state.assign(0);
        } else {
          state.assign(
              h0.get(NDArrayIndex.all(), NDArrayIndex.interval(column, column + cell.hidden())));
        }
        column += cell.hidden();
      }
    }
  }

  /**
   * Reads one word a row.
   *
   * @param words as many whole numbers as there are rows
   * @return the scores of the next words, rows x V; they hold until the next step
   */
  INDArray step(INDArray words) {
    long rows = cells.get(0).rows();
    INDArray below = null;
    for (Cell cell : cells) {
      INDArray a = cell.preactivations.get(type(), rows, cell.wX.size(1));
      if (below == null) {
        gather.in(wordInputs, words).out(a).run();
      } else {
        product.in(below, cell.wX).out(a).run();
        addBias.in(a, cell.b).out(a).run();
      }
      below = cell.advance(a);
    }
    INDArray out = scores.get(type(), rows, scoreWeights.size(1));
    product.in(below, scoreWeights).out(out).run();
    addBias.in(out, scoreBias).out(out).run();
    return out;
  }

  /** Row r goes on from the state of row {@code parents[r]}. */
  void reorder(INDArray parents) {
    for (Cell cell : cells) {
      for (int i = 0; i < cell.state.length; i++) {
        gather.in(cell.state[i], parents).out(cell.next[i]).run();
      }
      cell.swap();
    }
  }
}
