package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.descry.testing.Numeric.unset;

import java.util.function.DoubleSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceAffine;
import org.descry.testing.ReferenceBatchNorm;
import org.descry.testing.ReferenceConv2d;
import org.descry.testing.ReferenceElementwise;
import org.descry.testing.ReferenceMaxPool2d;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batch normalisation and its sandwiches against the references, whose backward is step by step.
 */
class NormalizationKernelsTest {
  @Property(tries = 60)
  void batchNorm(
      @ForAll KernelShapes.Conv s,
      @ForAll boolean images,
      @ForAll Layout layout,
      @ForAll boolean inputGradient,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    long[] shape = images ? new long[] {s.n(), s.c(), s.h(), s.w()} : new long[] {s.h(), s.c()};
    INDArray x = layout.of(random.normal(shape).muli(5).addi(12));
    INDArray dOut = layout.of(random.normal(shape));
    BatchNorm.Parameters p = parameters(random, s.c());
    INDArray dGamma = unset(p.gamma());
    INDArray dBeta = unset(p.beta());
    BatchNorm kernel = new BatchNorm();
    BatchNorm.Cache cache = kernel.forward(x, p, true, Allocator.DETACHED);
    INDArray dX =
        kernel.backward(dOut, cache, dGamma, dBeta, inputGradient ? Allocator.DETACHED : null);

    var forward = ReferenceBatchNorm.train(x, p.gamma(), p.beta(), BatchNorm.EPSILON);
    var backward = ReferenceBatchNorm.backward(dOut, x, p.gamma(), BatchNorm.EPSILON);
    assertEqual(cache.out(), forward.out());
    assertEqual(dGamma, backward.dGamma());
    assertEqual(dBeta, backward.dBeta());
    if (inputGradient) {
      assertEqual(dX, backward.dx());
    } else {
      assertThat(dX).isNull();
    }
  }

  @Property(tries = 40)
  void batchNormInTesting(
      @ForAll KernelShapes.Conv s,
      @ForAll boolean images,
      @ForAll Layout layout,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    long[] shape = images ? new long[] {s.n(), s.c(), s.h(), s.w()} : new long[] {s.h(), s.c()};
    INDArray x = layout.of(random.normal(shape));
    INDArray dOut = layout.of(random.normal(shape));
    BatchNorm.Parameters p = parameters(random, s.c());
    INDArray dGamma = unset(p.gamma());
    INDArray dBeta = unset(p.beta());
    INDArray runningMean = p.runningMean().dup();
    BatchNorm kernel = new BatchNorm();
    BatchNorm.Cache cache = kernel.forward(x, p, false, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dGamma, dBeta, Allocator.DETACHED);
    kernel.updateRunning(cache);
    assertEqual(cache.out(), inTesting(x, p));
    assertThat(p.runningMean()).isEqualTo(runningMean);
    // The map is affine in x, gamma and beta: differences of outputs are exact derivatives.
    INDArray zero = p.beta().dup().assign(0);
    var slope = new BatchNorm.Parameters(p.gamma(), zero, zero, p.runningVariance());
    var unit = new BatchNorm.Parameters(zero.add(1), zero, p.runningMean(), p.runningVariance());
    assertEqual(dX, inTesting(dOut, slope));
    int[] axes = images ? new int[] {0, 2, 3} : new int[] {0};
    assertEqual(dGamma, inTesting(x, unit).mul(dOut).sum(axes));
    assertEqual(dBeta, dOut.dup('c').sum(axes));
  }

  @Property(tries = 20)
  void batchNormInSinglePrecision(@ForAll KernelShapes.Conv s, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = random.normal(s.n(), s.c(), s.h(), s.w()).muli(5).addi(12);
    INDArray dOut = random.normal(x.shape());
    BatchNorm.Parameters p = parameters(random, s.c());
    BatchNorm.Parameters single =
        new BatchNorm.Parameters(
            single(p.gamma()),
            single(p.beta()),
            single(p.runningMean()),
            single(p.runningVariance()));
    INDArray dGamma = unset(single.gamma());
    INDArray dBeta = unset(single.beta());
    BatchNorm kernel = new BatchNorm();
    BatchNorm.Cache cache = kernel.forward(single(x), single, true, Allocator.DETACHED);
    INDArray dX = kernel.backward(single(dOut), cache, dGamma, dBeta, Allocator.DETACHED);
    var forward = ReferenceBatchNorm.train(x, p.gamma(), p.beta(), BatchNorm.EPSILON);
    var backward = ReferenceBatchNorm.backward(dOut, x, p.gamma(), BatchNorm.EPSILON);
    assertClose(cache.out(), forward.out());
    assertClose(dX, backward.dx());
    assertClose(dGamma, backward.dGamma());
    assertClose(dBeta, backward.dBeta());
  }

  @Test
  void runningAverages() {
    RandomArrays random = new RandomArrays(1);
    BatchNorm.Parameters p = parameters(random, 3);
    INDArray mean = p.runningMean().dup();
    INDArray variance = p.runningVariance().dup();
    BatchNorm kernel = new BatchNorm();
    for (int step = 0; step < 3; step++) {
      INDArray x = random.normal(5, 3);
      BatchNorm.Cache cache = kernel.forward(x, p, true, Allocator.DETACHED);
      assertEqual(p.runningMean(), mean);
      kernel.updateRunning(cache);
      var batch = ReferenceBatchNorm.train(x, p.gamma(), p.beta(), BatchNorm.EPSILON);
      mean = ReferenceBatchNorm.running(mean, batch.mean(), 0.9);
      variance = ReferenceBatchNorm.running(variance, batch.variance(), 0.9);
      assertEqual(p.runningMean(), mean);
      assertEqual(p.runningVariance(), variance);
    }
  }

  @Test
  void publishedSpatialBatchNorm() {
    Vectors vectors = Vectors.load("spatial_batchnorm_forward_train");
    INDArray x = vectors.input("x");
    INDArray zero = Nd4j.zeros(DataType.DOUBLE, 3);
    BatchNorm kernel = new BatchNorm();
    var standard = new BatchNorm.Parameters(zero.add(1), zero, zero.dup(), zero.dup());
    INDArray out = kernel.forward(x, standard, true, Allocator.DETACHED).out();
    assertStatistics(out, vectors.expected("case1_mean"), vectors.expected("case1_std"));
    var shifted =
        new BatchNorm.Parameters(
            Nd4j.createFromArray(3.0, 4, 5),
            Nd4j.createFromArray(6.0, 7, 8),
            zero.dup(),
            zero.dup());
    out = kernel.forward(x, shifted, true, Allocator.DETACHED).out();
    assertStatistics(out, vectors.expected("case2_mean"), vectors.expected("case2_std"));
  }

  @Test
  void centralDifferences() {
    RandomArrays random = new RandomArrays(2);
    INDArray x = random.normal(4, 5).muli(5).addi(12);
    INDArray dOut = random.normal(4, 5);
    BatchNorm.Parameters p = parameters(random, 5);
    INDArray dGamma = unset(p.gamma());
    INDArray dBeta = unset(p.beta());
    BatchNorm kernel = new BatchNorm();
    BatchNorm.Cache cache = kernel.forward(x, p, true, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dGamma, dBeta, Allocator.DETACHED);
    BatchNorm other = new BatchNorm();
    DoubleSupplier loss =
        () -> Numeric.dot(other.forward(x, p, true, Allocator.DETACHED).out(), dOut);
    Numeric.assertGradient("dX", dX, x, loss, 1e-6);
    Numeric.assertGradient("dGamma", dGamma, p.gamma(), loss, 1e-6);
    Numeric.assertGradient("dBeta", dBeta, p.beta(), loss, 1e-6);
  }

  @Test
  void shapesAreChecked() {
    RandomArrays random = new RandomArrays(3);
    BatchNorm.Parameters p = parameters(random, 3);
    assertThatThrownBy(
            () -> new BatchNorm().forward(random.normal(2, 4), p, true, Allocator.DETACHED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("BatchNorm: expected gamma of shape [4], got [3]");
  }

  @Property(tries = 40)
  void affineBatchNormRelu(
      @ForAll KernelShapes.Affine s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    int rows = s.n() + 2;
    INDArray x = layout.of(random.normal(rows, s.d()));
    INDArray w = random.normal(s.d(), s.m());
    INDArray b = random.normal(s.m());
    BatchNorm.Parameters p = parameters(random, s.m());
    INDArray dOut = layout.of(random.normal(rows, s.m()));
    INDArray dW = unset(w);
    INDArray db = unset(b);
    INDArray dGamma = unset(b);
    INDArray dBeta = unset(b);
    AffineBlock kernel = new AffineBlock(true, Activation.RELU);
    var cache = kernel.forward(x, new BlockParameters(w, b, p), true, Allocator.DETACHED);
    INDArray dX =
        kernel.backward(dOut, cache, new BlockGradients(dW, db, dGamma, dBeta), Allocator.DETACHED);

    INDArray affine = ReferenceAffine.forward(x, w, b);
    INDArray normed = normed(affine, p);
    assertEqual(cache.out(), ReferenceElementwise.relu(normed));
    INDArray dNormed = ReferenceElementwise.reluBackward(dOut, normed);
    var norm = ReferenceBatchNorm.backward(dNormed, affine, p.gamma(), BatchNorm.EPSILON);
    assertEqual(dGamma, norm.dGamma());
    assertEqual(dBeta, norm.dBeta());
    var expected = ReferenceAffine.backward(norm.dx(), x, w, b);
    assertEqual(dX, expected.dx());
    assertEqual(dW, expected.dw());
    assertEqual(db, expected.db());
  }

  @Property(tries = 40)
  void convBatchNormReluPool(
      @ForAll KernelShapes.Conv s, @ForAll boolean pool, @ForAll Layout layout, @ForAll long seed) {
    if (s.outHeight() < 2 || s.outWidth() < 2) {
      return;
    }
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.c(), s.h(), s.w()));
    INDArray w = random.normal(s.f(), s.c(), s.hh(), s.ww());
    INDArray b = random.normal(s.f());
    BatchNorm.Parameters p = parameters(random, s.f());
    int shrink = pool ? 2 : 1;
    INDArray dOut =
        layout.of(random.normal(s.n(), s.f(), s.outHeight() / shrink, s.outWidth() / shrink));
    INDArray dW = unset(w);
    INDArray db = unset(b);
    INDArray dGamma = unset(b);
    INDArray dBeta = unset(b);
    Window window = new Window(s.hh(), s.ww(), s.stride(), s.stride(), s.pad(), s.pad());
    ConvBlock kernel = new ConvBlock(window, true, Activation.RELU, pool ? Window.tiling(2) : null);
    var cache = kernel.forward(x, new BlockParameters(w, b, p), true, Allocator.DETACHED);
    INDArray dX =
        kernel.backward(dOut, cache, new BlockGradients(dW, db, dGamma, dBeta), Allocator.DETACHED);

    INDArray conv = ReferenceConv2d.forward(x, w, b, s.stride(), s.pad());
    INDArray normed = normed(conv, p);
    INDArray relu = ReferenceElementwise.relu(normed);
    assertEqual(cache.out(), ReferenceMaxPool2d.forward(relu, shrink, shrink, shrink));
    INDArray dRelu = ReferenceMaxPool2d.backward(dOut, relu, shrink, shrink, shrink);
    INDArray dNormed = ReferenceElementwise.reluBackward(dRelu, normed);
    var norm = ReferenceBatchNorm.backward(dNormed, conv, p.gamma(), BatchNorm.EPSILON);
    assertEqual(dGamma, norm.dGamma());
    assertEqual(dBeta, norm.dBeta());
    var expected = ReferenceConv2d.backward(norm.dx(), x, w, b, s.stride(), s.pad());
    assertEqual(dX, expected.dx());
    assertEqual(dW, expected.dw());
    assertEqual(db, expected.db());
  }

  private static BatchNorm.Parameters parameters(RandomArrays random, int channels) {
    return new BatchNorm.Parameters(
        random.normal(channels),
        random.normal(channels),
        random.normal(channels),
        random.probabilities(channels));
  }

  private static INDArray normed(INDArray x, BatchNorm.Parameters p) {
    return ReferenceBatchNorm.train(x, p.gamma(), p.beta(), BatchNorm.EPSILON).out();
  }

  private static INDArray inTesting(INDArray x, BatchNorm.Parameters p) {
    return ReferenceBatchNorm.test(
        x, p.gamma(), p.beta(), p.runningMean(), p.runningVariance(), BatchNorm.EPSILON);
  }

  private static void assertStatistics(INDArray out, INDArray mean, INDArray std) {
    INDArray rows = out.dup('c');
    for (int c = 0; c < mean.length(); c++) {
      assertThat(rows.mean(0, 2, 3).getDouble(c)).isCloseTo(mean.getDouble(c), within(1e-8));
      assertThat(rows.std(false, 0, 2, 3).getDouble(c)).isCloseTo(std.getDouble(c), within(1e-8));
    }
  }

  private static INDArray single(INDArray x) {
    return x.castTo(DataType.FLOAT);
  }

  /** Equal but for rounding in float64, which a small variance enlarges. */
  private static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1e-2)).isLessThan(1e-8);
  }

  private static void assertClose(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1)).isLessThan(1e-3);
  }
}
