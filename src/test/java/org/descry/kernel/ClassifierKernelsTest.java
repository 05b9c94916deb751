package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.testing.Operands.assertEqual;

import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.Operands;
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
    Operands at = affine(s, layout, random, random::normal);
    Affine kernel = new Affine();
    var actual = at.run(kernel::forward, Affine.Cache::out, kernel::backward);
    assertEqual(actual.out(), at.by(ReferenceAffine::forward));
    actual
        .gradients()
        .assertEqual(at.by((x, w, b) -> ReferenceAffine.backward(at.dOut(), x, w, b)));
  }

  @Property(tries = 60)
  void affineRelu(@ForAll KernelShapes.Affine s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    Operands at = affine(s, layout, random, random::ties);
    AffineRelu kernel = new AffineRelu();
    var actual = at.run(kernel::forward, AffineBlock.Cache::out, kernel::backward);
    INDArray affine = at.by(ReferenceAffine::forward);
    assertEqual(actual.out(), ReferenceElementwise.relu(affine));
    INDArray dAffine = ReferenceElementwise.reluBackward(at.dOut(), affine);
    actual.gradients().assertEqual(at.by((x, w, b) -> ReferenceAffine.backward(dAffine, x, w, b)));
  }

  private static Operands affine(
      KernelShapes.Affine s, Layout layout, RandomArrays random, Function<long[], INDArray> of) {
    return new Operands(
        layout.of(of.apply(new long[] {s.n(), s.d()})),
        of.apply(new long[] {s.d(), s.m()}),
        of.apply(new long[] {s.m()}),
        layout.of(random.normal(s.n(), s.m())));
  }

  @Property(tries = 80)
  void conv(
      @ForAll KernelShapes.Conv s,
      @ForAll Layout layout,
      @ForAll boolean inputGradient,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    Operands at =
        new Operands(
            layout.of(random.normal(s.n(), s.c(), s.h(), s.w())),
            random.normal(s.f(), s.c(), s.hh(), s.ww()),
            random.normal(s.f()),
            layout.of(random.normal(s.n(), s.f(), s.outHeight(), s.outWidth())));
    Conv2d kernel = new Conv2d(window(s));
    Allocator input = inputGradient ? Allocator.DETACHED : null;
    var actual = at.run(kernel::forward, Conv2d.Cache::out, kernel::backward, input);
    assertEqual(actual.out(), out(at, s));
    actual.gradients().assertEqual(backward(at, at.dOut(), s));
  }

  private static INDArray out(Operands at, KernelShapes.Conv s) {
    return at.by((x, w, b) -> ReferenceConv2d.forward(x, w, b, s.stride(), s.pad()));
  }

  private static Operands.Gradients backward(Operands at, INDArray dOut, KernelShapes.Conv s) {
    return at.by((x, w, b) -> ReferenceConv2d.backward(dOut, x, w, b, s.stride(), s.pad()));
  }

  @Property(tries = 40)
  void convInSinglePrecision(@ForAll KernelShapes.Conv s, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    Operands at =
        new Operands(
            single(random.normal(s.n(), s.c(), s.h(), s.w())),
            single(random.normal(s.f(), s.c(), s.hh(), s.ww())),
            single(random.normal(s.f())),
            single(random.normal(s.n(), s.f(), s.outHeight(), s.outWidth())));
    Conv2d kernel = new Conv2d(window(s));
    var actual = at.run(kernel::forward, Conv2d.Cache::out, kernel::backward);
    var expected = backward(at, at.dOut(), s);
    assertClose(actual.out(), out(at, s));
    assertClose(actual.gradients().dx(), expected.dx());
    assertClose(actual.gradients().dw(), expected.dw());
    assertClose(actual.gradients().db(), expected.db());
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
    Operands at =
        new Operands(
            values(random, ties, s.n(), s.c(), s.h(), s.w()),
            values(random, ties, s.f(), s.c(), s.hh(), s.ww()),
            values(random, ties, s.f()),
            random.normal(s.n(), s.f(), s.outHeight() / 2, s.outWidth() / 2));
    ConvReluPool kernel = new ConvReluPool(window(s), Window.tiling(2));
    var actual = at.run(kernel::forward, ConvBlock.Cache::out, kernel::backward);
    INDArray conv = out(at, s);
    INDArray relu = ReferenceElementwise.relu(conv);
    assertEqual(actual.out(), ReferenceMaxPool2d.forward(relu, 2, 2, 2));
    INDArray dRelu = ReferenceMaxPool2d.backward(at.dOut(), relu, 2, 2, 2);
    INDArray dConv = ReferenceElementwise.reluBackward(dRelu, conv);
    actual.gradients().assertEqual(backward(at, dConv, s));
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

  private static void assertClose(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1)).isLessThan(FLOAT_TOLERANCE);
  }
}
