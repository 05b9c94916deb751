package org.descry.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.RecordingExecutioner;
import org.descry.engine.tape.Tape;
import org.descry.kernel.CellStep;
import org.descry.kernel.SoftAttention;
import org.descry.layer.AttentionRnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Runs the recurrent part of a captioner or language model word by word. It reads the network's
 * weights and keeps the state to itself: one stepper belongs to one thread at a time, replicas of
 * it share the weights.
 */
final class RnnStepper {
  /** A cell's state in one of two sets of buffers. */
  private static final class Cell {
    final RnnWeights.Cell weights;
    final CellStep step;
    final Scratch preactivations = new Scratch();
    final Scratch[][] buffers;
    final INDArray[] state;
    final INDArray[] next;

    Cell(RnnWeights.Cell weights) {
      this.weights = weights;
      int states = weights.kind().states();
      step = weights.kind().step();
      state = new INDArray[states];
      next = new INDArray[states];
      buffers = new Scratch[2][states];
      for (Scratch[] set : buffers) {
        Arrays.setAll(set, i -> new Scratch());
      }
    }

    long hidden() {
      return weights.wH().size(0);
    }

    long rows() {
      return state[0].size(0);
    }

    /** Begins with buffers for so many rows, their contents undefined. */
    void start(long rows) {
      for (int i = 0; i < state.length; i++) {
        state[i] = buffers[0][i].get(weights.wH().dataType(), rows, hidden());
        next[i] = buffers[1][i].get(weights.wH().dataType(), rows, hidden());
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
      step.run(a, weights.wH(), state, next);
      swap();
      return state[0];
    }
  }

  /** Two a number of rows, and as many for the beam's exchanges. */
  private static final int KEPT = 16;

  private final RnnWeights weights;
  private final NativeOp gather = new NativeOp("gather", 0);
  private final NativeOp affine = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final List<Cell> cells;
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp addProduct = new NativeOp("matmul", 0, 0, 0).reals(1, 1).then("biasadd");
  private final Scratch read = new Scratch();
  private final Scratch scores = new Scratch();
  private final SoftAttention attention = new SoftAttention(0);
  private final Scratch grids = new Scratch();
  private INDArray grid;
  private final List<Recorded> recorded = new ArrayList<>();

  /**
   * Calls from one set of buffers to the other, each of which swaps the two.
   *
   * @param read the words or parents, or whatever else the calls read
   * @param grid what is looked at, or null
   * @param scoring whether the calls end in scores
   * @param out what they write
   */
  private record Recorded(
      INDArray read, INDArray grid, boolean scoring, INDArray[] from, Tape tape, INDArray out) {
    boolean fits(INDArray reads, INDArray seen, boolean scores, List<Cell> cells) {
      boolean fits = read == reads && grid == seen && scoring == scores;
      for (int i = 0; fits && i < from.length; i++) {
        fits = from[i] == cells.get(i).state[0];
      }
      return fits;
    }
  }

  /**
   * @param network a network with the layer names of {@link org.descry.model.CaptioningRnn}
   * @param banned words that are never to be chosen
   */
  RnnStepper(ComputationGraph network, int... banned) {
    this(RnnWeights.of(network, banned));
  }

  private RnnStepper(RnnWeights weights) {
    this.weights = weights;
    cells = weights.cells().stream().map(Cell::new).toList();
  }

  /** A stepper with a state of its own over the same weights. */
  RnnStepper replica() {
    return new RnnStepper(weights);
  }

  int vocabulary() {
    return weights.vocabulary();
  }

  /**
   * Begins with the given states, rows x (L S H) and behind them the places that are looked at, or
   * with zeros.
   */
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
    if (weights.look() != null) {
      see(rows, h0.get(NDArrayIndex.all(), NDArrayIndex.interval(column, h0.size(1))));
    }
  }

  private void see(long rows, INDArray places) {
    AttentionRnnVertex vertex = weights.look().vertex();
    grid = grids.get(weights.type(), rows, vertex.places(), vertex.channels());
    grid.reshape('c', rows, places.size(1)).assign(places);
    attention.begin(grid, weights.look().parameters(), null, 1);
  }

  /** Whether there is attention. */
  boolean looks() {
    return weights.look() != null;
  }

  /** The weights of the places in the step before, of the first row; null without attention. */
  float[] attention() {
    return weights.look() == null ? null : attention.weights(0).getRow(0).toFloatVector();
  }

  /**
   * Reads one word a row.
   *
   * @param words as many whole numbers as there are rows
   * @return the scores of the next words, rows x V; they hold until the next step
   */
  INDArray step(INDArray words) {
    return replayed(words, true, () -> advance(words));
  }

  private INDArray advance(INDArray words) {
    long rows = cells.get(0).rows();
    INDArray below = null;
    for (Cell cell : cells) {
      RnnWeights.Cell own = cell.weights;
      INDArray a = cell.preactivations.get(weights.type(), rows, own.wX().size(1));
      if (below == null) {
        gather.in(weights.wordInputs(), words).out(a).run();
      } else {
        affine.in(below, own.wX(), own.b()).out(a).run();
      }
      if (below == null && weights.look() != null) {
        attention.forward(0, cell.state[0], a);
      }
      INDArray before = cell.state[0];
      below = cell.advance(a);
      if (weights.input() != null) {
        return scoresOfInput(words, before);
      }
    }
    INDArray out = scores.get(weights.type(), rows, weights.vocabulary());
    affine.in(below, weights.scoring(), weights.scoringBias()).out(out).run();
    return out;
  }

  /** Of a word and the state before it. */
  private INDArray scoresOfInput(INDArray words, INDArray before) {
    INDArray table = weights.input().vectors();
    INDArray scoring = weights.input().scoring();
    INDArray out = scores.get(weights.type(), before.size(0), weights.vocabulary());
    if (table == null) {
      gather.in(scoring, words).out(out).run();
    } else {
      INDArray x = read.get(weights.type(), before.size(0), table.size(1));
      gather.in(table, words).out(x).run();
      product.in(x, scoring).out(out).run();
    }
    addProduct.in(before, weights.scoring(), weights.scoringBias()).out(out).run();
    return out;
  }

  /** Row r goes on from the state of row {@code parents[r]}. */
  void reorder(INDArray parents) {
    replayed(parents, false, () -> exchange(parents));
  }

  private INDArray exchange(INDArray parents) {
    for (Cell cell : cells) {
      for (int i = 0; i < cell.state.length; i++) {
        gather.in(cell.state[i], parents).out(cell.next[i]).run();
      }
      cell.swap();
    }
    return parents;
  }

  /** Does the calls; the same calls on the same arrays are replayed from the second time on. */
  private INDArray replayed(INDArray reads, boolean scoring, Supplier<INDArray> calls) {
    if (!RecordingExecutioner.installed()) {
      return calls.get();
    }
    for (int i = 0; i < recorded.size(); i++) {
      Recorded one = recorded.get(i);
      if (one.fits(reads, grid, scoring, cells)) {
        one.tape.replay();
        cells.forEach(Cell::swap);
        return one.out;
      }
    }
    INDArray[] from = cells.stream().map(cell -> cell.state[0]).toArray(INDArray[]::new);
    INDArray[] out = new INDArray[1];
    Tape tape = Tape.record(() -> out[0] = calls.get());
    if (recorded.size() == KEPT) {
      recorded.remove(0);
    }
    recorded.add(new Recorded(reads, grid, scoring, from, tape, out[0]));
    return out[0];
  }
}
