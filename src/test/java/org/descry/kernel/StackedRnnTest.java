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
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceStackedRnn;
import org.descry.testing.ReferenceStackedRnn.Cell;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

  @Property(tries = 120)
  void agreesWithTheReference(
      @ForAll KernelShapes.Rnn s,
      @ForAll @IntRange(min = 1, max = 3) int layers,
      @ForAll boolean bidirectional,
      @ForAll @IntRange(max = 3) int truncation,
      @ForAll Mask maskKind,
      @ForAll boolean initialState,
      @ForAll boolean dXWanted,
      @ForAll Layout layout,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    int directions = bidirectional ? 2 : 1;
    List<Cell> cells = cells(random, s, layers, directions);
    INDArray x = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray h0 =
        initialState ? layout.of(random.normal(s.n(), (long) cells.size() * s.h())) : null;
    INDArray mask = maskKind.of(random, s.n(), s.steps());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), (long) directions * s.h()));

    StackedRnn kernel = new StackedRnn(layers, bidirectional, truncation);
    var cache = kernel.forward(x, h0, parameters(cells), mask, Allocator.DETACHED);
    INDArray out = cache.out().dup('c');
    List<StackedRnn.Parameters> gradients = unset(cells);
    var flow =
        kernel.backward(dOut, cache, gradients, allocator(dXWanted), allocator(initialState));

    var reference = new ReferenceStackedRnn(cells, directions, truncation);
    assertEqual(out, reference.forward(x, h0, mask));
    var expected = reference.backward(dOut, x, h0, mask);
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
    RandomArrays random = new RandomArrays(5);
    List<Cell> cells = cells(random, new KernelShapes.Rnn(2, 3, 4, 5), 1, 2);
    INDArray x = random.normal(2, 3, 4);
    var cache =
        new StackedRnn(1, true, 0).forward(x, null, parameters(cells), null, Allocator.DETACHED);
    for (int n = 0; n < 2; n++) {
      for (int h = 0; h < 5; h++) {
        assertThat(cache.cells().get(0).last().getDouble(n, h))
            .isEqualTo(cache.out().getDouble(n, 2, h));
        assertThat(cache.cells().get(1).last().getDouble(n, h))
            .isEqualTo(cache.out().getDouble(n, 0, 5 + h));
      }
    }
  }

  @Test
  void aSmallerBatchInBetweenChangesNothing() {
    RandomArrays random = new RandomArrays(6);
    List<Cell> cells = cells(random, new KernelShapes.Rnn(4, 5, 3, 2), 2, 1);
    INDArray large = random.normal(4, 5, 3);
    INDArray small = random.normal(2, 3, 3);
    StackedRnn kernel = new StackedRnn(2, false, 0);
    var reference = new ReferenceStackedRnn(cells, 1, 0);
    for (INDArray x : new INDArray[] {large, small, large}) {
      var cache = kernel.forward(x, null, parameters(cells), null, Allocator.DETACHED);
      assertEqual(cache.out(), reference.forward(x, null, null));
    }
  }

  @Test
  void wrongShapesAndTypesAreNamed() {
    RandomArrays random = new RandomArrays(7);
    List<Cell> cells = cells(random, new KernelShapes.Rnn(2, 3, 4, 5), 1, 1);
    StackedRnn kernel = new StackedRnn(1, false, 0);
    assertThatThrownBy(() -> run(kernel, cells, random.normal(2, 3, 6), null, null))
        .hasMessage("VanillaRnn: expected x of shape [*, *, 4], got [2, 3, 6]");
    assertThatThrownBy(() -> run(kernel, cells, random.normal(2, 3, 4), random.normal(2, 4), null))
        .hasMessage("StackedRnn: expected h0 of shape [2, 5], got [2, 4]");
    assertThatThrownBy(() -> run(kernel, cells, random.normal(2, 3, 4), null, random.mask(3, 2)))
        .hasMessage("recurrence: expected mask of shape [2, 3], got [3, 2]");
    INDArray single = random.normal(2, 3, 4).castTo(DataType.FLOAT);
    assertThatThrownBy(() -> run(kernel, cells, single, null, null))
        .hasMessage("VanillaRnn: expected all arrays FLOAT or all DOUBLE, got FLOAT and DOUBLE");
    assertThatThrownBy(() -> new StackedRnn(0, false, 0)).hasMessageContaining("at least 1 layer");
    assertThatThrownBy(() -> new VanillaRnn(false, -1)).hasMessageContaining("got -1");
  }

  private static void run(
      StackedRnn kernel, List<Cell> cells, INDArray x, INDArray h0, INDArray mask) {
    kernel.forward(x, h0, parameters(cells), mask, Allocator.DETACHED);
  }

  private static List<Cell> cells(
      RandomArrays random, KernelShapes.Rnn s, int layers, int directions) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < layers * directions; i++) {
      long width = i < directions ? s.d() : (long) directions * s.h();
      cells.add(
          new Cell(random.normal(width, s.h()), random.normal(s.h(), s.h()), random.normal(s.h())));
    }
    return cells;
  }

  private static List<StackedRnn.Parameters> parameters(List<Cell> cells) {
    return cells.stream().map(c -> new StackedRnn.Parameters(c.wx(), c.wh(), c.b())).toList();
  }

  private static List<StackedRnn.Parameters> unset(List<Cell> cells) {
    return cells.stream()
        .map(c -> new StackedRnn.Parameters(unset(c.wx()), unset(c.wh()), unset(c.b())))
        .toList();
  }

  private static INDArray unset(INDArray like) {
    return Nd4j.create(like.dataType(), like.shape()).assign(Double.NaN);
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
