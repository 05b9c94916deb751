package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceStackedRnn;
import org.descry.testing.ReferenceStackedRnn.Cell;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The stack against the reference: layers, directions, initial states, masks, what is unwanted. */
class StackedRnnTest {
  private enum Mask {
    NONE,
    RAGGED,
    HOLES;

    INDArray of(RandomArrays random, int n, int steps) {
      return switch (this) {
        case NONE -> null;
        case RAGGED -> random.raggedMask(n, steps);
        case HOLES -> random.mask(n, steps);
      };
    }
  }

  /** Where the gradient enters. */
  private enum Arrives {
    AT_OUTPUTS,
    AT_FINAL_STATES,
    AT_BOTH
  }

  @Property(tries = 160)
  void agreesWithTheReference(
      @ForAll RnnCell kind,
      @ForAll KernelShapes.Rnn s,
      @ForAll @IntRange(min = 1, max = 3) int layers,
      @ForAll boolean bidirectional,
      @ForAll @IntRange(max = 3) int truncation,
      @ForAll Mask maskKind,
      @ForAll boolean initialState,
      @ForAll boolean dXWanted,
      @ForAll Arrives arrives,
      @ForAll Layout layout,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    int directions = bidirectional ? 2 : 1;
    List<Cell> cells = cells(random, kind, s, layers, directions);
    INDArray x = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray h0 =
        initialState
            ? layout.of(random.normal(s.n(), (long) cells.size() * kind.states() * s.h()))
            : null;
    INDArray mask = maskKind.of(random, s.n(), s.steps());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), (long) directions * s.h()));
    INDArray dHn = layout.of(random.normal(s.n(), (long) cells.size() * kind.states() * s.h()));

    StackedRnn kernel = new StackedRnn(kind, layers, bidirectional, truncation);
    var cache = kernel.forward(x, h0, parameters(cells), mask, Allocator.DETACHED);
    INDArray out = cache.out().dup('c');
    List<StackedRnn.Parameters> gradients = unset(cells);
    var flow =
        kernel.backward(
            arrives == Arrives.AT_FINAL_STATES ? null : dOut,
            arrives == Arrives.AT_OUTPUTS ? null : dHn,
            cache,
            gradients,
            allocator(dXWanted),
            allocator(initialState));

    var reference = new ReferenceStackedRnn(kind, cells, directions, truncation);
    assertEqual(out, reference.forward(x, h0, mask));
    var expected =
        reference.backward(
            arrives == Arrives.AT_FINAL_STATES ? dOut.mul(0) : dOut,
            arrives == Arrives.AT_OUTPUTS ? null : dHn,
            x,
            h0,
            mask);
    assertGradient(flow.dX(), expected.dx(), dXWanted);
    assertGradient(flow.dH0(), expected.dh0(), initialState);
    for (int i = 0; i < cells.size(); i++) {
      assertEqual(gradients.get(i).wX(), expected.cells().get(i).wx());
      assertEqual(gradients.get(i).wH(), expected.cells().get(i).wh());
      assertEqual(gradients.get(i).b(), expected.cells().get(i).b());
    }
  }

  @Test
  void lastIsTheStateThatEachCellEndsIn() {
    for (RnnCell kind : RnnCell.values()) {
      RandomArrays random = new RandomArrays(5);
      List<Cell> cells = cells(random, kind, new KernelShapes.Rnn(2, 3, 4, 5), 1, 2);
      INDArray x = random.normal(2, 3, 4);
      var cache =
          new StackedRnn(kind, 1, true, 0)
              .forward(x, null, parameters(cells), null, Allocator.DETACHED);
      INDArray last = Nd4j.create(DataType.DOUBLE, 2, 2L * kind.states() * 5);
      cache.copyLast(last);
      for (int n = 0; n < 2; n++) {
        for (int h = 0; h < 5; h++) {
          assertThat(last.getDouble(n, h)).isEqualTo(cache.out().getDouble(n, 2, h));
          assertThat(last.getDouble(n, kind.states() * 5 + h))
              .isEqualTo(cache.out().getDouble(n, 0, 5 + h));
        }
      }
    }
  }

  /** The states that come out, given back, continue the sequence. */
  @Property(tries = 40)
  void lastIsWhereTheNextSequenceGoesOn(
      @ForAll RnnCell kind,
      @ForAll KernelShapes.Rnn s,
      @ForAll @IntRange(min = 1, max = 2) int layers,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    List<StackedRnn.Parameters> cells = parameters(cells(random, kind, s, layers, 1));
    int steps = s.steps();
    INDArray x = random.normal(s.n(), 2L * steps, s.d());
    INDArray state = Nd4j.zeros(DataType.DOUBLE, s.n(), (long) layers * kind.states() * s.h());
    StackedRnn kernel = new StackedRnn(kind, layers, false, 0);
    INDArray whole = kernel.forward(x, null, cells, null, Allocator.DETACHED).out().dup('c');
    for (int part = 0; part < 2; part++) {
      var interval = NDArrayIndex.interval(part * steps, (part + 1) * steps);
      INDArray some = x.get(NDArrayIndex.all(), interval, NDArrayIndex.all());
      var cache = kernel.forward(some, state, cells, null, Allocator.DETACHED);
      assertEqual(cache.out(), whole.get(NDArrayIndex.all(), interval, NDArrayIndex.all()));
      cache.copyLast(state);
    }
  }

  @Test
  void aSmallerBatchInBetweenChangesNothing() {
    RandomArrays random = new RandomArrays(6);
    List<Cell> cells = cells(random, RnnCell.VANILLA, new KernelShapes.Rnn(4, 5, 3, 2), 2, 1);
    INDArray large = random.normal(4, 5, 3);
    INDArray small = random.normal(2, 3, 3);
    StackedRnn kernel = new StackedRnn(RnnCell.VANILLA, 2, false, 0);
    var reference = new ReferenceStackedRnn(RnnCell.VANILLA, cells, 1, 0);
    for (INDArray x : new INDArray[] {large, small, large}) {
      var cache = kernel.forward(x, null, parameters(cells), null, Allocator.DETACHED);
      assertEqual(cache.out(), reference.forward(x, null, null));
    }
  }

  @Test
  void wrongShapesAndTypesAreNamed() {
    RandomArrays random = new RandomArrays(7);
    List<Cell> cells = cells(random, RnnCell.VANILLA, new KernelShapes.Rnn(2, 3, 4, 5), 1, 1);
    StackedRnn kernel = new StackedRnn(RnnCell.VANILLA, 1, false, 0);
    assertThatThrownBy(() -> run(kernel, cells, random.normal(2, 3, 6), null, null))
        .hasMessage("VanillaRnn: expected x of shape [*, *, 4], got [2, 3, 6]");
    assertThatThrownBy(() -> run(kernel, cells, random.normal(2, 3, 4), random.normal(2, 4), null))
        .hasMessage("StackedRnn: expected h0 of shape [2, 5], got [2, 4]");
    assertThatThrownBy(() -> run(kernel, cells, random.normal(2, 3, 4), null, random.mask(3, 2)))
        .hasMessage("recurrence: expected mask of shape [2, 3], got [3, 2]");
    INDArray single = random.floats(2, 3, 4);
    assertThatThrownBy(() -> run(kernel, cells, single, null, null))
        .hasMessage("VanillaRnn: expected all arrays FLOAT or all DOUBLE, got FLOAT and DOUBLE");
    var cache =
        kernel.forward(random.normal(2, 3, 4), null, parameters(cells), null, Allocator.DETACHED);
    assertThatThrownBy(
            () -> kernel.backward(null, random.normal(2, 4), cache, unset(cells), null, null))
        .hasMessage("StackedRnn: expected dHn of shape [2, 5], got [2, 4]");
    assertThatThrownBy(() -> new StackedRnn(RnnCell.VANILLA, 0, false, 0))
        .hasMessageContaining("at least 1 layer");
    assertThatThrownBy(() -> new VanillaRnn(false, -1)).hasMessageContaining("got -1");
  }

  private static void run(
      StackedRnn kernel, List<Cell> cells, INDArray x, INDArray h0, INDArray mask) {
    kernel.forward(x, h0, parameters(cells), mask, Allocator.DETACHED);
  }

  private static List<Cell> cells(
      RandomArrays random, RnnCell kind, KernelShapes.Rnn s, int layers, int directions) {
    long columns = (long) kind.gates() * s.h();
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < layers * directions; i++) {
      long width = i < directions ? s.d() : (long) directions * s.h();
      cells.add(
          new Cell(
              random.normal(width, columns),
              random.normal(s.h(), columns),
              random.normal(columns)));
    }
    return cells;
  }

  private static List<StackedRnn.Parameters> parameters(List<Cell> cells) {
    return cells.stream().map(c -> new StackedRnn.Parameters(c.wx(), c.wh(), c.b())).toList();
  }

  private static List<StackedRnn.Parameters> unset(List<Cell> cells) {
    return cells.stream()
        .map(
            c ->
                new StackedRnn.Parameters(
                    Numeric.unset(c.wx()), Numeric.unset(c.wh()), Numeric.unset(c.b())))
        .toList();
  }

  private static Allocator allocator(boolean wanted) {
    return wanted ? Allocator.DETACHED : null;
  }

  private static void assertGradient(INDArray actual, INDArray expected, boolean wanted) {
    if (wanted) {
      assertEqual(actual, expected);
    } else {
      assertThat(actual).isNull();
    }
  }

  /** Equal but for the order of summation in float64. */
  private static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1e-2)).isLessThan(1e-10);
  }
}
