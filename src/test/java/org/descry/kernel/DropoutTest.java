package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DropoutTest {
  @Property(tries = 60)
  void eachElementIsDroppedOrScaled(
      @ForAll KernelShapes.Conv s,
      @ForAll boolean images,
      @ForAll Layout layout,
      @ForAll @DoubleRange(max = 0.95) double probability,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    long[] shape = images ? new long[] {s.n(), s.c(), s.h(), s.w()} : new long[] {s.h(), s.w()};
    INDArray x = layout.of(random.distinct(shape));
    INDArray dOut = layout.of(random.normal(shape));
    Dropout kernel = new Dropout(probability);
    Dropout.Cache cache = kernel.forward(x, seed, true, Allocator.DETACHED);
    INDArray out = cache.out().dup('c');
    INDArray dX = kernel.backward(dOut, cache, Allocator.DETACHED).dup('c');
    INDArray in = x.dup('c');
    INDArray expected = dOut.dup('c');
    double scale = 1 / (1 - probability);
    for (long i = 0; i < in.length(); i++) {
      double ratio = out.getDouble(i) / in.getDouble(i);
      assertThat(Math.min(Math.abs(ratio), Math.abs(ratio - scale))).isLessThan(1e-12);
      assertThat(dX.getDouble(i)).isCloseTo(ratio * expected.getDouble(i), within(1e-9));
    }
    assertThat(new Dropout(probability).forward(x, seed, true, Allocator.DETACHED).out().dup('c'))
        .isEqualTo(out);
  }

  @Test
  void testingIsTheIdentity() {
    INDArray x = new RandomArrays(1).normal(3, 4);
    Dropout kernel = new Dropout(0.5);
    Dropout.Cache cache = kernel.forward(x, 1, false, Allocator.DETACHED);
    assertThat(cache.out()).isEqualTo(x);
    assertThat(kernel.backward(x, cache, Allocator.DETACHED)).isEqualTo(x);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0xFFFFFFFFDEADBEEFL, Long.MIN_VALUE, Long.MAX_VALUE})
  void everySeedGivesOneMask(long seed) throws InterruptedException {
    INDArray x = Nd4j.ones(20, 20);
    INDArray first = new Dropout(0.5).forward(x, seed, true, Allocator.DETACHED).out();
    Thread.sleep(2); // a seed from the clock would be another
    assertThat(new Dropout(0.5).forward(x, seed, true, Allocator.DETACHED).out()).isEqualTo(first);
  }

  @Test
  void otherSeedsGiveOtherMasks() {
    INDArray x = Nd4j.ones(20, 20);
    Dropout kernel = new Dropout(0.5);
    INDArray first = kernel.forward(x, 1, true, Allocator.DETACHED).out();
    assertThat(kernel.forward(x, 2, true, Allocator.DETACHED).out()).isNotEqualTo(first);
  }

  @Test
  void publishedStatistics() {
    Vectors vectors = Vectors.load("dropout_forward");
    INDArray x = new RandomArrays(231).normal(500, 500).addi(10);
    for (var entry : vectors.node("/expected/statistics/drop_probability_2016_2017")) {
      double p = entry.path("p").doubleValue();
      INDArray out = new Dropout(p).forward(x, 7, true, Allocator.DETACHED).out();
      double zeros = out.eq(0).castTo(x.dataType()).meanNumber().doubleValue();
      double mean = out.meanNumber().doubleValue();
      assertThat(zeros).isCloseTo(p, within(4 * entry.path("fraction_zero_std").doubleValue()));
      assertThat(mean).isCloseTo(10, within(4 * entry.path("train_mean_std").doubleValue()));
    }
  }

  @Test
  void centralDifferences() {
    RandomArrays random = new RandomArrays(2);
    INDArray x = random.normal(10, 10).addi(10);
    INDArray dOut = random.normal(10, 10);
    Dropout kernel = new Dropout(0.8);
    Dropout.Cache cache = kernel.forward(x, 123, true, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, Allocator.DETACHED);
    Numeric.assertGradient(
        "dX",
        dX,
        x,
        () -> Numeric.dot(kernel.forward(x, 123, true, Allocator.DETACHED).out(), dOut),
        1e-8);
  }

  @Test
  void theProbabilityIsChecked() {
    assertThatThrownBy(() -> new Dropout(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a drop probability of at least 0 and below 1, got 1.0");
  }
}
