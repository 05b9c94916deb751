package org.descry.kernel;

import java.util.ArrayList;
import java.util.List;
import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Recurrent cells on top of one another, in one direction or in both, with the shapes and the order
 * of PyTorch's {@code nn.RNN} and {@code nn.LSTM}: each layer reads the one below; in both
 * directions its output is the forward states and the reversed ones side by side.
 *
 * <p>Shapes, with L layers, K directions (1 or 2), width H, and a cell's G gates and S states: x is
 * N x T x D, out is N x T x (K H), h0 is N x (L K S H) or null, cells in the order layer 0, layer 0
 * reversed, layer 1, and so on, each with its S states side by side (of an LSTM h, then c). The
 * first layer's Wx is D x (G H), the others' (K H) x (G H).
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class StackedRnn {
  private final int directions;
  private final int states;
  private final List<Cell> cells = new ArrayList<>();
  private final List<NativeOp> concatenations = new ArrayList<>();
  private final List<Scratch> layerOutputs = new ArrayList<>();

  /** The parameters of one cell: D x (G H), H x (G H) and G H. */
  public record Parameters(INDArray wX, INDArray wH, INDArray b) {}

  /** What the backward pass needs. */
  public static final class Cache {
    private final List<Recurrence.Pass> passes;
    private final INDArray out;
    private final long stateWidth;

    private Cache(List<Recurrence.Pass> passes, INDArray out, long stateWidth) {
      this.passes = passes;
      this.out = out;
      this.stateWidth = stateWidth;
    }

    /** The states of the last layer, N x T x (K H). */
    public INDArray out() {
      return out;
    }

    /**
     * Copies every cell's final state; of a reversed cell, its state at the first step.
     *
     * @param hN N x (L K S H), cells in the order of h0
     */
    public void copyLast(INDArray hN) {
      Check.shape("StackedRnn", "hN", hN, out.size(0), passes.size() * stateWidth);
      for (int i = 0; i < passes.size(); i++) {
        passes.get(i).last().accept(part(hN, i, stateWidth));
      }
    }
  }

  /** The gradients that flow on, N x T x D and N x (L K S H); null where nobody asked. */
  public record Gradients(INDArray dX, INDArray dH0) {}

  private static final class Cell {
    final Recurrence recurrence;
    final Scratch out = new Scratch();
    final Scratch dX = new Scratch();

    Cell(Recurrence recurrence) {
      this.recurrence = recurrence;
    }
  }

  /**
   * @param truncation the number of steps that gradients flow back through, or 0 for all
   */
  public StackedRnn(RnnCell cell, int layers, boolean bidirectional, int truncation) {
    this(cell, layers, bidirectional, truncation, null);
  }

  /** Layers in one direction of which the first looks at something else step by step. */
  public StackedRnn(RnnCell cell, int layers, SoftAttention attention) {
    this(cell, layers, false, 0, attention);
  }

  private StackedRnn(
      RnnCell cell, int layers, boolean bidirectional, int truncation, StepInput joining) {
    if (layers < 1) {
      throw new IllegalArgumentException("StackedRnn: expected at least 1 layer, got " + layers);
    }
    directions = bidirectional ? 2 : 1;
    states = cell.states();
    for (int layer = 0; layer < layers; layer++) {
      for (int direction = 0; direction < directions; direction++) {
        cells.add(
            new Cell(cell.recurrence(direction == 1, truncation, layer == 0 ? joining : null)));
      }
      concatenations.add(new NativeOp("concat", 2));
      layerOutputs.add(new Scratch());
    }
  }

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(
      INDArray x, INDArray h0, List<Parameters> parameters, INDArray mask, Allocator allocator) {
    long stateWidth = states * parameters.get(0).wH().size(0);
    if (h0 != null) {
      Check.shape("StackedRnn", "h0", h0, x.size(0), cells.size() * stateWidth);
    }
    List<Recurrence.Pass> passes = new ArrayList<>(cells.size());
    INDArray out = x;
    int layers = concatenations.size();
    for (int layer = 0; layer < layers; layer++) {
      Allocator layerAllocator = layer == layers - 1 ? allocator : layerOutputs.get(layer)::get;
      INDArray in = out;
      for (int i = layer * directions; i < (layer + 1) * directions; i++) {
        Cell cell = cells.get(i);
        INDArray initial = part(h0, i, stateWidth);
        Allocator cellAllocator = directions == 1 ? layerAllocator : cell.out::get;
        passes.add(cell.recurrence.forward(in, initial, parameters.get(i), mask, cellAllocator));
      }
      out = directions == 1 ? passes.get(layer).out() : sideBySide(layer, passes, layerAllocator);
    }
    return new Cache(passes, out, stateWidth);
  }

  private INDArray sideBySide(int layer, List<Recurrence.Pass> passes, Allocator allocator) {
    INDArray forwards = passes.get(2 * layer).out().permute(1, 0, 2);
    INDArray backwards = passes.get(2 * layer + 1).out().permute(1, 0, 2);
    INDArray both =
        allocator.create(
            forwards.dataType(), forwards.size(0), forwards.size(1), 2 * forwards.size(2));
    concatenations.get(layer).in(forwards, backwards).out(both).run();
    return both.permute(1, 0, 2);
  }

  private static INDArray part(INDArray h0, int cell, long width) {
    if (h0 == null || h0.size(1) == width) {
      return h0;
    }
    return h0.get(NDArrayIndex.all(), NDArrayIndex.interval(cell * width, (cell + 1) * width));
  }

  /** As the other {@code backward}, where no gradient arrives at the final states by itself. */
  public Gradients backward(
      INDArray dOut,
      Cache cache,
      List<Parameters> gradients,
      Allocator dXAllocator,
      Allocator dH0Allocator) {
    return backward(dOut, null, cache, gradients, dXAllocator, dH0Allocator);
  }

  /**
   * Writes the parameters' gradients into the given arrays, cell by cell.
   *
   * @param dOut N x T x (K H), or null for zeros
   * @param dHn the gradient that arrives at the final states, N x (L K S H) as {@link
   *     Cache#copyLast} gives them, or null for zeros
   * @param dXAllocator where dX goes, or null where nobody needs it
   * @param dH0Allocator where dH0 goes, or null where nobody needs it
   */
  public Gradients backward(
      INDArray dOut,
      INDArray dHn,
      Cache cache,
      List<Parameters> gradients,
      Allocator dXAllocator,
      Allocator dH0Allocator) {
    long n = cache.out.size(0);
    DataType type = cache.out.dataType();
    if (dOut != null) {
      Check.shape("StackedRnn", "dOut", dOut, cache.out.shape());
    }
    if (dHn != null) {
      Check.shape("StackedRnn", "dHn", dHn, n, cells.size() * cache.stateWidth);
    }
    long hidden = gradients.get(0).wH().size(0);
    long stateWidth = states * hidden;
    INDArray dH0 =
        dH0Allocator == null ? null : dH0Allocator.create(type, n, cells.size() * stateWidth);
    INDArray flowing = dOut;
    for (int layer = concatenations.size() - 1; layer >= 0; layer--) {
      INDArray dIn = null;
      for (int i = layer * directions; i < (layer + 1) * directions; i++) {
        Cell cell = cells.get(i);
        boolean firstOfLayer = i == layer * directions;
        Allocator dInAllocator = layer > 0 || !firstOfLayer ? cell.dX::get : dXAllocator;
        if (layer == 0 && dXAllocator == null) {
          dInAllocator = null;
        }
        INDArray dState =
            directions == 1 || flowing == null ? flowing : half(flowing, i % 2, hidden);
        INDArray dX =
            cache
                .passes
                .get(i)
                .backward()
                .run(
                    dState,
                    part(dHn, i, stateWidth),
                    gradients.get(i),
                    dInAllocator,
                    part(dH0, i, stateWidth));
        dIn = firstOfLayer || dIn == null ? dX : dIn.addi(dX);
      }
      flowing = dIn;
    }
    return new Gradients(flowing, dH0);
  }

  private static INDArray half(INDArray array, int which, long hidden) {
    return array.get(
        NDArrayIndex.all(),
        NDArrayIndex.all(),
        NDArrayIndex.interval(which * hidden, (which + 1) * hidden));
  }
}
