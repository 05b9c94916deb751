package org.descry.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.engine.Allocator;
import org.descry.testing.Layout;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceElementwise;
import org.descry.testing.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The elementwise layers on arrays of every rank in every memory layout. */
class ActivationLayerTest {
  private static final long[] SHAPE = {3, 4, 2, 5};

  @Property(tries = 60)
  void relu(
      @ForAll @IntRange(min = 2, max = 4) int rank, @ForAll Layout layout, @ForAll long seed) {
    check(
        new ReluLayer.Builder().build(),
        rank,
        layout,
        seed,
        ReferenceElementwise::relu,
        ReferenceElementwise::reluBackward);
  }

  @Property(tries = 60)
  void sigmoid(
      @ForAll @IntRange(min = 2, max = 4) int rank, @ForAll Layout layout, @ForAll long seed) {
    check(
        new SigmoidLayer.Builder().build(),
        rank,
        layout,
        seed,
        ReferenceElementwise::sigmoid,
        ReferenceElementwise::sigmoidBackward);
  }

  private interface Backward {
    INDArray of(INDArray dOut, INDArray x);
  }

  private static void check(
      ExplicitLayer layer,
      int rank,
      Layout layout,
      long seed,
      UnaryOperator<INDArray> forward,
      Backward backward) {
    RandomArrays random = new RandomArrays(seed);
    long[] shape = java.util.Arrays.copyOf(SHAPE, rank);
    INDArray x = layout.of(random.normal(shape));
    INDArray dOut = layout.of(random.normal(shape));
    ExplicitPass pass = layer.explicitPass();
    INDArray out = pass.forward(x, null, true, Map.of(), Allocator.DETACHED);
    INDArray dX = pass.backward(dOut, Map.of(), Allocator.DETACHED);
    assertThat(Vectors.relativeError(out, forward.apply(x), 1e-2)).isLessThan(1e-12);
    assertThat(Vectors.relativeError(dX, backward.of(dOut, x), 1e-2)).isLessThan(1e-12);
    assertThat(pass.backward(dOut, Map.of(), null)).isNull();
  }
}
