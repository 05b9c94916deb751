package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.special.Erf;
import org.descry.engine.Allocator;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceAffine;
import org.descry.testing.ReferenceConv2d;
import org.descry.testing.ReferenceMaxPool2d;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Blocks of every activation against plain loops: the parts one after another, pooling last. */
class BlockTest {
  private static final Window CONV = Window.same(3);

  private final RandomArrays random = new RandomArrays(6);

  private static DoubleUnaryOperator function(Activation activation) {
    return switch (activation) {
      case RELU -> x -> Math.max(x, 0);
      case GELU -> x -> x * normal(x);
      case SILU -> x -> x / (1 + Math.exp(-x));
      case LEAKY_RELU -> x -> x > 0 ? x : 0.01 * x;
      case TANH -> Math::tanh;
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case NONE -> x -> x;
    };
  }

  private static double normal(double x) {
    return Erf.erfc(-x * Math.sqrt(0.5)) / 2;
  }

  private static INDArray applied(Activation activation, INDArray x) {
    INDArray values = x.dup('c');
    for (long i = 0; i < values.length(); i++) {
      values.putScalar(i, function(activation).applyAsDouble(values.getDouble(i)));
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void convolution(Activation activation) {
    INDArray x = random.normal(2, 3, 6, 5);
    INDArray w = random.normal(4, 3, 3, 3);
    INDArray b = random.normal(4);
    INDArray activated = applied(activation, ReferenceConv2d.forward(x, w, b, 1, 1));
    ConvBlock plain = new ConvBlock(CONV, false, activation, null);
    assertThat(
            Vectors.relativeError(
                plain.forward(x, new BlockParameters(w, b, null), true, Allocator.DETACHED).out(),
                activated,
                1e-3))
        .isLessThan(1e-9);
    ConvBlock pooling = new ConvBlock(CONV, false, activation, Window.tiling(2));
    ConvBlock.Cache cache =
        pooling.forward(x, new BlockParameters(w, b, null), true, Allocator.DETACHED);
    assertThat(
            Vectors.relativeError(
                cache.out(), ReferenceMaxPool2d.forward(activated, 2, 2, 2), 1e-3))
        .isLessThan(1e-9);
    INDArray dOut = random.normal(cache.out().shape());
    INDArray dW = w.ulike();
    INDArray dX =
        pooling.backward(
            dOut, cache, new BlockGradients(dW, b.ulike(), null, null), Allocator.DETACHED);
    Numeric.assertGradient("dx", dX, x, () -> value(pooling, x, w, b, dOut), 1e-6);
    Numeric.assertGradient("dW", dW, w, () -> value(pooling, x, w, b, dOut), 1e-6);
  }

  private static double value(ConvBlock kernel, INDArray x, INDArray w, INDArray b, INDArray dOut) {
    return Numeric.dot(
        kernel.forward(x, new BlockParameters(w, b, null), true, Allocator.DETACHED).out(), dOut);
  }

  @ParameterizedTest
  @EnumSource
  void affine(Activation activation) {
    INDArray x = random.normal(4, 5);
    INDArray w = random.normal(5, 3);
    INDArray b = random.normal(3);
    INDArray dOut = random.normal(4, 3);
    AffineBlock kernel = new AffineBlock(false, activation);
    AffineBlock.Cache cache =
        kernel.forward(x, new BlockParameters(w, b, null), true, Allocator.DETACHED);
    INDArray expected = applied(activation, ReferenceAffine.forward(x, w, b));
    assertThat(Vectors.relativeError(cache.out(), expected, 1e-3)).isLessThan(1e-9);
    INDArray dX =
        kernel.backward(
            dOut, cache, new BlockGradients(w.ulike(), b.ulike(), null, null), Allocator.DETACHED);
    Numeric.assertGradient(
        "dx",
        dX,
        x,
        () ->
            Numeric.dot(
                kernel.forward(x, new BlockParameters(w, b, null), true, Allocator.DETACHED).out(),
                dOut),
        1e-6);
  }

  /** GELU(-0.1) is below GELU(-3): a block that pooled first would give the wrong one. */
  @Test
  void geluPoolsLast() {
    assertThat(Activation.GELU.nonDecreasing()).isFalse();
    INDArray x = Nd4j.createFromArray(-0.1, -3, -0.7, -5).reshape(1, 1, 2, 2);
    INDArray w = Nd4j.ones(DataType.DOUBLE, 1, 1, 1, 1);
    INDArray b = Nd4j.zeros(DataType.DOUBLE, 1);
    ConvBlock kernel = new ConvBlock(Window.same(1), false, Activation.GELU, Window.tiling(2));
    double out =
        kernel
            .forward(x, new BlockParameters(w, b, null), true, Allocator.DETACHED)
            .out()
            .getDouble(0);
    assertThat(out).isCloseTo(-5 * normal(-5), within(1e-12));
    assertThat(out).isGreaterThan(-0.1 * normal(-0.1));
  }

  /** A function is called non-decreasing where it is. */
  @ParameterizedTest
  @EnumSource
  void monotonyIsAsSaid(Activation activation) {
    double before = Double.NEGATIVE_INFINITY;
    boolean falls = false;
    for (double x = -5; x < 5; x += 0.01) {
      double y = function(activation).applyAsDouble(x);
      falls |= y < before - 1e-12;
      before = y;
    }
    assertThat(activation.nonDecreasing()).isEqualTo(!falls);
  }

  /** The fast passes of float32 and the slow ones of float64 are the same function. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void float32IsTheSameFunction(Activation activation) {
    INDArray x = Nd4j.linspace(DataType.DOUBLE, -6, 0.011, 1100);
    INDArray dOut = random.normal(x.shape());
    INDArray[] results = new INDArray[4];
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      int i = type == DataType.DOUBLE ? 0 : 2;
      Elementwise kernel = activation.kernel();
      Elementwise.Cache cache = kernel.forward(x.castTo(type), Allocator.DETACHED);
      results[i] = cache.out();
      results[i + 1] = kernel.backward(dOut.castTo(type), cache, Allocator.DETACHED);
    }
    for (int i = 0; i < 2; i++) {
      INDArray difference = results[i + 2].castTo(DataType.DOUBLE).sub(results[i]);
      assertThat(difference.amaxNumber().doubleValue()).isLessThan(4e-6);
    }
    INDArray nan = Nd4j.valueArrayOf(new long[] {64}, Float.NaN, DataType.FLOAT);
    assertThat(activation.kernel().forward(nan, Allocator.DETACHED).out().isNaN().all()).isTrue();
  }

  @Test
  void float32FarFromZero() {
    INDArray x = Nd4j.createFromArray(-100f, -20f, 0f, 20f, 100f);
    for (Activation activation : Activation.values()) {
      if (activation != Activation.NONE) {
        Elementwise kernel = activation.kernel();
        Elementwise.Cache cache = kernel.forward(x, Allocator.DETACHED);
        assertThat(cache.out().isNaN().any()).isFalse();
        assertThat(kernel.backward(Nd4j.ones(5), cache, Allocator.DETACHED).isNaN().any())
            .isFalse();
      }
    }
  }
}
