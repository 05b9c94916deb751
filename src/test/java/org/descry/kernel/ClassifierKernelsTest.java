package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.testing.Numeric.unset;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceAffine;
import org.descry.testing.ReferenceConv2d;
import org.descry.testing.ReferenceElementwise;
import org.descry.testing.ReferenceLosses;
import org.descry.testing.ReferenceMaxPool2d;
import org.descry.testing.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The kernels of the classifiers against their references: random shapes, every memory layout of
 * the inputs, ties, both float types.
 */
class ClassifierKernelsTest {
  private static final double FLOAT_TOLERANCE = 1e-4;

  @Property(tries = 60)
  void affine(@ForAll KernelShapes.Affine s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.d()));
    INDArray w = random.normal(s.d(), s.m());
    INDArray b = random.normal(s.m());
    INDArray dOut = layout.of(random.normal(s.n(), s.m()));
    INDArray dW = unset(w);
    INDArray db = unset(b);
    Affine kernel = new Affine();
    Affine.Cache cache = kernel.forward(x, w, b, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dW, db, Allocator.DETACHED);
    assertEqual(cache.out(), ReferenceAffine.forward(x, w, b));
    var expected = ReferenceAffine.backward(dOut, x, w, b);
    assertEqual(dX, expected.dx());
    assertEqual(dW, expected.dw());
    assertEqual(db, expected.db());
  }

  @Property(tries = 60)
  void affineRelu(@ForAll KernelShapes.Affine s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.ties(s.n(), s.d()));
    INDArray w = random.ties(s.d(), s.m());
    INDArray b = random.ties(s.m());
    INDArray dOut = layout.of(random.normal(s.n(), s.m()));
    INDArray dW = unset(w);
    INDArray db = unset(b);
    AffineRelu kernel = new AffineRelu();
    AffineBlock.Cache cache = kernel.forward(x, w, b, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dW, db, Allocator.DETACHED);
    INDArray affine = ReferenceAffine.forward(x, w, b);
    assertEqual(cache.out(), ReferenceElementwise.relu(affine));
    var expected =
        ReferenceAffine.backward(ReferenceElementwise.reluBackward(dOut, affine), x, w, b);
    assertEqual(dX, expected.dx());
    assertEqual(dW, expected.dw());
    assertEqual(db, expected.db());
  }

  @Property(tries = 80)
  void conv(
      @ForAll KernelShapes.Conv s,
      @ForAll Layout layout,
      @ForAll boolean inputGradient,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.c(), s.h(), s.w()));
    INDArray w = random.normal(s.f(), s.c(), s.hh(), s.ww());
    INDArray b = random.normal(s.f());
    INDArray dOut = layout.of(random.normal(s.n(), s.f(), s.outHeight(), s.outWidth()));
    INDArray dW = unset(w);
    INDArray db = unset(b);
    Conv2d kernel = new Conv2d(window(s));
    Conv2d.Cache cache = kernel.forward(x, w, b, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dW, db, inputGradient ? Allocator.DETACHED : null);
    assertEqual(cache.out(), ReferenceConv2d.forward(x, w, b, s.stride(), s.pad()));
    var expected = ReferenceConv2d.backward(dOut, x, w, b, s.stride(), s.pad());
    assertEqual(dW, expected.dw());
    assertEqual(db, expected.db());
    if (inputGradient) {
      assertEqual(dX, expected.dx());
    } else {
      assertThat(dX).isNull();
    }
  }

  @Property(tries = 40)
  void convInSinglePrecision(@ForAll KernelShapes.Conv s, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = single(random.normal(s.n(), s.c(), s.h(), s.w()));
    INDArray w = single(random.normal(s.f(), s.c(), s.hh(), s.ww()));
    INDArray b = single(random.normal(s.f()));
    INDArray dOut = single(random.normal(s.n(), s.f(), s.outHeight(), s.outWidth()));
    INDArray dW = unset(w);
    INDArray db = unset(b);
    Conv2d kernel = new Conv2d(window(s));
    Conv2d.Cache cache = kernel.forward(x, w, b, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dW, db, Allocator.DETACHED);
    var expected = ReferenceConv2d.backward(dOut, x, w, b, s.stride(), s.pad());
    assertClose(cache.out(), ReferenceConv2d.forward(x, w, b, s.stride(), s.pad()));
    assertClose(dX, expected.dx());
    assertClose(dW, expected.dw());
    assertClose(db, expected.db());
  }

  @Property(tries = 60)
  void maxPool(
      @ForAll KernelShapes.Pool s, @ForAll Layout layout, @ForAll boolean ties, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    long[] shape = {s.n(), s.c(), s.h(), s.w()};
    INDArray x = layout.of(ties ? random.ties(shape) : random.distinct(shape));
    INDArray dOut = layout.of(random.normal(s.n(), s.c(), s.outHeight(), s.outWidth()));
    MaxPool2d kernel = new MaxPool2d(window(s));
    MaxPool2d.Cache cache = kernel.forward(x, Allocator.DETACHED);
    assertEqual(cache.out(), ReferenceMaxPool2d.forward(x, s.height(), s.width(), s.stride()));
    assertEqual(
        kernel.backward(dOut, cache, Allocator.DETACHED),
        ReferenceMaxPool2d.backward(dOut, x, s.height(), s.width(), s.stride()));
  }

  @Property(tries = 60)
  void convReluPool(@ForAll KernelShapes.Conv s, @ForAll boolean ties, @ForAll long seed) {
    if (s.outHeight() < 2 || s.outWidth() < 2) {
      return;
    }
    RandomArrays random = new RandomArrays(seed);
    INDArray x = values(random, ties, s.n(), s.c(), s.h(), s.w());
    INDArray w = values(random, ties, s.f(), s.c(), s.hh(), s.ww());
    INDArray b = values(random, ties, s.f());
    INDArray dOut = random.normal(s.n(), s.f(), s.outHeight() / 2, s.outWidth() / 2);
    INDArray dW = unset(w);
    INDArray db = unset(b);
    ConvReluPool kernel = new ConvReluPool(window(s), Window.tiling(2));
    ConvBlock.Cache cache = kernel.forward(x, w, b, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dW, db, Allocator.DETACHED);

    INDArray conv = ReferenceConv2d.forward(x, w, b, s.stride(), s.pad());
    INDArray relu = ReferenceElementwise.relu(conv);
    assertEqual(cache.out(), ReferenceMaxPool2d.forward(relu, 2, 2, 2));
    INDArray dRelu = ReferenceMaxPool2d.backward(dOut, relu, 2, 2, 2);
    var expected =
        ReferenceConv2d.backward(
            ReferenceElementwise.reluBackward(dRelu, conv), x, w, b, s.stride(), s.pad());
    assertEqual(dX, expected.dx());
    assertEqual(dW, expected.dw());
    assertEqual(db, expected.db());
  }

  @Property(tries = 60)
  void losses(
      @ForAll KernelShapes.Affine s,
      @ForAll Layout layout,
      @ForAll boolean masked,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray scores = layout.of(random.normal(s.n(), s.m()));
    INDArray oneHot = random.oneHot(s.n(), s.m());
    INDArray smoothed = random.probabilities(s.n(), s.m());
    INDArray mask = masked ? random.mask(s.n(), 1) : null;
    for (INDArray labels : new INDArray[] {oneHot, smoothed}) {
      assertLoss(
          new SoftmaxLoss(), scores, labels, mask, ReferenceLosses.softmax(scores, labels, mask));
    }
    assertLoss(new SvmLoss(), scores, oneHot, mask, ReferenceLosses.svm(scores, oneHot, mask));
    assertEqual(
        new SoftmaxLoss().output(scores, Allocator.DETACHED),
        ReferenceLosses.probabilities(scores));
  }

  private static void assertLoss(
      LossKernel kernel,
      INDArray scores,
      INDArray labels,
      INDArray mask,
      ReferenceLosses.Loss expected) {
    LossKernel.Cache cache = kernel.forward(scores, labels, mask);
    assertThat(cache.loss()).isCloseTo(expected.value(), within(1e-12 + 1e-12 * expected.value()));
    double mean = 1.0 / scores.size(0);
    assertEqual(kernel.backward(cache, mean, Allocator.DETACHED), expected.gradient());
  }

  private static INDArray values(RandomArrays random, boolean ties, long... shape) {
    return ties ? random.ties(shape) : random.normal(shape);
  }

  private static Window window(KernelShapes.Conv s) {
    return new Window(s.hh(), s.ww(), s.stride(), s.stride(), s.pad(), s.pad());
  }

  private static Window window(KernelShapes.Pool s) {
    return new Window(s.height(), s.width(), s.stride(), s.stride(), 0, 0);
  }

  private static INDArray single(INDArray x) {
    return x.castTo(DataType.FLOAT);
  }

  /** Equal but for the order of summation in float64. */
  private static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1e-2)).isLessThan(1e-11);
  }

  private static void assertClose(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1)).isLessThan(FLOAT_TOLERANCE);
  }
}
