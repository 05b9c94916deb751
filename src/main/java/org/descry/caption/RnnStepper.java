package org.descry.caption;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.layer.ExplicitLayer;
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
  private record Cell(INDArray wX, INDArray wH, INDArray b) {}

  private final NativeOp gather = new NativeOp("gather", 0);
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp addProduct = new NativeOp("matmul", 0, 0, 0).reals(1, 1);
  private final NativeOp addBias = new NativeOp("biasadd");
  private final NativeOp tanh = new NativeOp("tanh");
  private final List<Cell> cells = new ArrayList<>();
  private final INDArray wordInputs;
  private final INDArray scoreWeights;
  private final INDArray scoreBias;
  private final List<Scratch> states = new ArrayList<>();
  private final List<Scratch> nextStates = new ArrayList<>();
  private final Scratch scores = new Scratch();
  private final INDArray[] state;
  private int parity;

  /**
   * @param network a network with the layer names of {@link CaptioningRnn}
   * @param banned words that are never to be chosen
   */
  RnnStepper(ComputationGraph network, int... banned) {
    Map<String, INDArray> rnn = network.getVertex(CaptioningRnn.RNN).paramTable(false);
    for (int i = 0; rnn.containsKey("Wx" + i); i++) {
      cells.add(new Cell(rnn.get("Wx" + i), rnn.get("Wh" + i), rnn.get("b" + i)));
      states.add(new Scratch());
      nextStates.add(new Scratch());
    }
    state = new INDArray[cells.size()];
    Map<String, INDArray> embedding = network.getLayer(CaptioningRnn.EMBEDDING).paramTable(false);
    scoreWeights = network.getLayer(CaptioningRnn.SCORES).getParam(ExplicitLayer.WEIGHTS);
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Cell first = cells.get(0);
      wordInputs = Nd4j.createUninitialized(type(), vocabulary(), hidden());
      if (embedding.containsKey(ExplicitLayer.WEIGHTS)) {
        product.in(embedding.get(ExplicitLayer.WEIGHTS), first.wX).out(wordInputs).run();
      } else {
        wordInputs.assign(first.wX); // one-hot words choose rows
      }
      addBias.in(wordInputs, first.b).out(wordInputs).run();
      scoreBias = network.getLayer(CaptioningRnn.SCORES).getParam(ExplicitLayer.BIAS).dup();
    }
    for (int word : banned) {
      scoreBias.putScalar(word, -Float.MAX_VALUE);
    }
  }

  private long hidden() {
    return cells.get(0).wH.size(0);
  }

  DataType type() {
    return scoreWeights.dataType();
  }

  int vocabulary() {
    return (int) scoreWeights.size(1);
  }

  /** Begins with the given states, rows x (L H), or with zeros. */
  void start(long rows, INDArray h0) {
    for (int i = 0; i < state.length; i++) {
      state[i] = states.get(i).get(type(), rows, hidden());
      if (h0 == null) {
        state[i].assign(0);
      } else {
        state[i].assign(
            h0.get(NDArrayIndex.all(), NDArrayIndex.interval(i * hidden(), (i + 1) * hidden())));
      }
    }
    parity = 0;
  }

  /**
   * Reads one word a row.
   *
   * @param words as many whole numbers as there are rows
   * @return the scores of the next words, rows x V; they hold until the next step
   */
  INDArray step(INDArray words) {
    long rows = state[0].size(0);
    INDArray below = null;
    for (int i = 0; i < state.length; i++) {
      Cell cell = cells.get(i);
      INDArray next = spare(i);
      if (i == 0) {
        gather.in(wordInputs, words).out(next).run();
      } else {
        product.in(below, cell.wX).out(next).run();
        addBias.in(next, cell.b).out(next).run();
      }
      addProduct.in(state[i], cell.wH).out(next).run();
      tanh.in(next).out(next).run();
      state[i] = next;
      below = next;
    }
    parity = 1 - parity;
    INDArray out = scores.get(type(), rows, scoreWeights.size(1));
    product.in(below, scoreWeights).out(out).run();
    addBias.in(out, scoreBias).out(out).run();
    return out;
  }

  /** Row r goes on from the state of row {@code parents[r]}. */
  void reorder(INDArray parents) {
    for (int i = 0; i < state.length; i++) {
      INDArray next = spare(i);
      gather.in(state[i], parents).out(next).run();
      state[i] = next;
    }
    parity = 1 - parity;
  }

  /** The buffer that does not hold the current state. */
  private INDArray spare(int cell) {
    List<Scratch> buffers = parity == 0 ? nextStates : states;
    return buffers.get(cell).get(type(), state[cell].size(0), hidden());
  }
}
