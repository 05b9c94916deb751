package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What judges the gradients has to see a wrong one, and to know a kink from a wrong one. */
class NumericTest {
  private final INDArray x = Nd4j.createFromArray(0.5, -2.0, 3.0);

  private double cubes() {
    double sum = 0;
    for (int i = 0; i < x.length(); i++) {
      sum += Math.pow(x.getDouble(i), 3);
    }
    return sum;
  }

  private double absolutes() {
    double sum = 0;
    for (int i = 0; i < x.length(); i++) {
      sum += Math.abs(x.getDouble(i));
    }
    return sum;
  }

  @Test
  void rightGradientPasses() {
    Numeric.assertGradient("x", Nd4j.createFromArray(0.75, 12.0, 27.0), x, this::cubes, 1e-9);
  }

  @Test
  void wrongGradientFailsAndIsNamed() {
    INDArray wrong = Nd4j.createFromArray(0.75, 12.0, 27.001);
    assertThatThrownBy(() -> Numeric.assertGradient("dGamma", wrong, x, this::cubes, 1e-6))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("dGamma");
  }

  @Test
  void missingNumberFails() {
    INDArray missing = Nd4j.createFromArray(0.75, Double.NaN, 27.0);
    assertThatThrownBy(() -> Numeric.assertGradient("x", missing, x, this::cubes, 1e-6))
        .isInstanceOf(AssertionError.class);
  }

  /** The sine of 5000 x turns within the step so much that it looks like a kink. */
  @Test
  void smoothFunctionsHaveNoKinks() {
    INDArray point = Nd4j.createFromArray(1.3);
    DoubleSupplier f = () -> Math.sin(5000 * point.getDouble(0)) / 5000;
    INDArray right = Nd4j.createFromArray(Math.cos(6500.0));
    assertThat(Numeric.gradient(point, f).kinkCount()).isEqualTo(1);
    Numeric.assertSmoothGradient("x", right, point, f, 1e-2);
    assertThatThrownBy(() -> Numeric.assertSmoothGradient("x", right.add(0.1), point, f, 1e-2))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void inputIsPutBack() {
    INDArray before = x.dup();
    assertThat(Numeric.gradient(x, this::cubes).kinkCount()).isZero();
    assertThat(x).isEqualTo(before);
  }

  @Test
  void kinksAreFoundAtTheTieAndBesideIt() {
    for (double near : new double[] {0, 1e-5, -3e-5, 9e-5}) {
      x.putScalar(1, near);
      assertThat(Numeric.gradient(x, this::absolutes).kinks()).containsExactly(false, true, false);
    }
    x.putScalar(1, 2e-4);
    assertThat(Numeric.gradient(x, this::absolutes).kinkCount()).isZero();
  }
}
