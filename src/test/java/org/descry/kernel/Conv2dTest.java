package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.descry.engine.Allocator.DETACHED;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.descry.testing.Layout;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Windows whose height and width differ in everything, and what the kernels refuse. */
class Conv2dTest {
  @Provide
  static Arbitrary<Window> windows() {
    Arbitrary<Integer> few = Arbitraries.integers().between(1, 3);
    Arbitrary<Integer> padding = Arbitraries.integers().between(0, 2);
    Arbitrary<Integer> dilation = Arbitraries.integers().between(1, 2);
    return Combinators.combine(few, few, few, few, padding, padding, dilation, dilation)
        .as(Window::new);
  }

  @Property(tries = 60)
  void heightAndWidthDiffer(
      @ForAll("windows") Window window, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(2, 2, 5, 6));
    INDArray w = random.normal(3, 2, window.height(), window.width());
    INDArray b = random.normal(3);
    Conv2d kernel = new Conv2d(window);
    Conv2d.Cache cache = kernel.forward(x, w, b, DETACHED);
    assertThat(cache.out().shape()).containsExactly(2, 3, window.outHeight(5), window.outWidth(6));
    INDArray dOut = layout.of(random.normal(cache.out().shape()));
    INDArray dW = Nd4j.create(w.dataType(), w.shape());
    INDArray db = Nd4j.create(b.dataType(), b.shape());
    INDArray dWAlone = dW.dup();
    INDArray dbAlone = db.dup();
    kernel.backward(dOut, cache, dW, db, DETACHED);
    kernel.backward(dOut, cache, dWAlone, dbAlone, null);
    assertThat(Vectors.relativeError(dWAlone, dW, 1e-2)).isLessThan(1e-11);
    assertThat(Vectors.relativeError(dbAlone, db, 1e-2)).isLessThan(1e-11);
    Numeric.assertGradient(
        "W", dWAlone, w, () -> Numeric.dot(kernel.forward(x, w, b, DETACHED).out(), dOut), 1e-6);
  }

  @Test
  void wrongShapesAndWindowsAreNamed() {
    RandomArrays random = new RandomArrays(1);
    Conv2d kernel = new Conv2d(Window.same(3));
    INDArray x = random.normal(2, 3, 4, 4);
    INDArray b = random.normal(5);
    assertThatThrownBy(() -> kernel.forward(x, random.normal(5, 2, 3, 3), b, DETACHED))
        .hasMessage("Conv2d: expected W of shape [*, 3, 3, 3], got [5, 2, 3, 3]");
    assertThatThrownBy(
            () -> kernel.forward(x, random.normal(5, 3, 3, 3), random.normal(4), DETACHED))
        .hasMessage("Conv2d: expected b of shape [5], got [4]");
    Conv2d large = new Conv2d(new Window(5, 5, 1, 1, 0, 0));
    assertThatThrownBy(() -> large.forward(x, random.normal(5, 3, 5, 5), b, DETACHED))
        .hasMessageContaining("expected an input height of at least 5");
    assertThatThrownBy(() -> new Window(0, 1, 1, 1, 0, 0)).hasMessageContaining("size 0 x 1");
    assertThatThrownBy(() -> new MaxPool2d(Window.same(3))).hasMessageContaining("no padding");
  }
}
