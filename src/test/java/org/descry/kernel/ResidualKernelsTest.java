package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.descry.engine.Allocator;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What residual networks need beside blocks, against plain loops. */
class ResidualKernelsTest {
  private final RandomArrays random = new RandomArrays(9);

  @Test
  void globalAverage() {
    INDArray x = random.normal(2, 3, 4, 5);
    GlobalAveragePool kernel = new GlobalAveragePool();
    GlobalAveragePool.Cache cache = kernel.forward(x, Allocator.DETACHED);
    assertThat(cache.out().shape()).containsExactly(2, 3);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 5; j++) {
        sum += x.getDouble(1, 2, i, j);
      }
    }
    assertThat(cache.out().getDouble(1, 2)).isCloseTo(sum / 20, within(1e-12));
    INDArray dOut = random.normal(2, 3);
    INDArray dX = kernel.backward(dOut, cache, Allocator.DETACHED);
    Numeric.assertGradient(
        "dx", dX, x, () -> Numeric.dot(kernel.forward(x, Allocator.DETACHED).out(), dOut), 1e-6);
  }

  @Test
  void identityShortcut() {
    INDArray x = random.normal(2, 3, 5, 4);
    for (int stride = 1; stride <= 6; stride++) {
      IdentityShortcut kernel = new IdentityShortcut(4, stride);
      IdentityShortcut.Cache cache = kernel.forward(x, Allocator.DETACHED);
      long height = (5 + stride - 1) / stride;
      long width = (4 + stride - 1) / stride;
      assertThat(cache.out().shape()).containsExactly(2, 4, height, width);
      for (int i = 0; i < height; i++) {
        for (int j = 0; j < width; j++) {
          assertThat(cache.out().getDouble(1, 2, i, j))
              .isEqualTo(x.getDouble(1, 2, i * stride, j * stride));
          assertThat(cache.out().getDouble(0, 3, i, j)).isZero();
        }
      }
      INDArray dOut = random.normal(cache.out().shape());
      INDArray dX = kernel.backward(dOut, cache, Allocator.DETACHED);
      Numeric.assertGradient(
          "dx", dX, x, () -> Numeric.dot(kernel.forward(x, Allocator.DETACHED).out(), dOut), 1e-6);
    }
    assertThatThrownBy(() -> new IdentityShortcut(2, 1).forward(x, Allocator.DETACHED))
        .hasMessage("IdentityShortcut: expected at most 2 channels, got 3");
  }
}
