package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.testing.Numeric.unset;
import static org.descry.testing.Operands.assertEqual;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.Operands;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceAffine;
import org.descry.testing.ReferenceEmbedding;
import org.descry.testing.ReferenceLosses;
import org.descry.testing.ReferenceRnn;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The kernels of recurrent networks against their references, in every memory layout. */
class SequenceKernelsTest {
  @Property(tries = 100)
  void vanillaRnn(
      @ForAll KernelShapes.Rnn s,
      @ForAll Layout layout,
      @ForAll boolean reversed,
      @ForAll @IntRange(max = 3) int truncation,
      @ForAll @IntRange(max = 3) int options,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray h0 = (options & 1) == 0 ? null : layout.of(random.normal(s.n(), s.h()));
    INDArray mask = (options & 2) == 0 ? null : random.mask(s.n(), s.steps());
    INDArray wx = random.normal(s.d(), s.h());
    INDArray wh = random.normal(s.h(), s.h());
    INDArray b = random.normal(s.h());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), s.h()));
    INDArray dWx = unset(wx);
    INDArray dWh = unset(wh);
    INDArray db = unset(b);
    VanillaRnn kernel = new VanillaRnn(reversed, truncation);
    VanillaRnn.Cache cache = kernel.forward(x, h0, wx, wh, b, mask, Allocator.DETACHED);
    INDArray out = cache.out().dup('c');
    VanillaRnn.Gradients actual =
        kernel.backward(dOut, cache, dWx, dWh, db, Allocator.DETACHED, Allocator.DETACHED);
    var mode = new ReferenceRnn.Mode(reversed, truncation);
    var in = new ReferenceRnn.Sequence(x, h0, null, wx, wh, b, mask, mode);
    assertEqual(out, ReferenceRnn.forward(in));
    assertGradients(
        new ReferenceRnn.Gradients(actual.dX(), actual.dH0(), dWx, dWh, db),
        ReferenceRnn.backward(dOut, in));
  }

  private static void assertGradients(
      ReferenceRnn.Gradients actual, ReferenceRnn.Gradients expected) {
    assertEqual(actual.dx(), expected.dx());
    assertEqual(actual.dh(), expected.dh());
    assertEqual(actual.dWx(), expected.dWx());
    assertEqual(actual.dWh(), expected.dWh());
    assertEqual(actual.db(), expected.db());
  }

  @Property(tries = 40)
  void rnnStep(@ForAll KernelShapes.Rnn s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.d()));
    INDArray h = layout.of(random.normal(s.n(), s.h()));
    INDArray wx = random.normal(s.d(), s.h());
    INDArray wh = random.normal(s.h(), s.h());
    INDArray b = random.normal(s.h());
    INDArray dOut = layout.of(random.normal(s.n(), s.h()));
    INDArray dWx = unset(wx);
    INDArray dWh = unset(wh);
    INDArray db = unset(b);
    RnnStep kernel = new RnnStep();
    RnnStep.Cache cache = kernel.forward(x, h, wx, wh, b, Allocator.DETACHED);
    RnnStep.Gradients actual = kernel.backward(dOut, cache, dWx, dWh, db, Allocator.DETACHED);
    assertEqual(cache.out(), ReferenceRnn.step(x, h, wx, wh, b));
    assertGradients(
        new ReferenceRnn.Gradients(actual.dX(), actual.dH(), dWx, dWh, db),
        ReferenceRnn.stepBackward(dOut, x, h, wx, wh, b));
  }

  @Property(tries = 40)
  void wordEmbedding(@ForAll KernelShapes.Rnn s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray words = layout.of(random.integers(4, s.n(), s.steps()));
    INDArray w = random.normal(4, s.d());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray dW = unset(w);
    WordEmbedding kernel = new WordEmbedding();
    WordEmbedding.Cache cache = kernel.forward(words, w, Allocator.DETACHED);
    kernel.backward(dOut, cache, dW);
    assertEqual(cache.out(), ReferenceEmbedding.forward(words, w));
    assertEqual(dW, ReferenceEmbedding.backward(dOut, words, w));
  }

  /** Threads that add to one row at a time lose some of the sums. */
  @Example
  void wordEmbeddingLosesNoRepeatedWord() {
    RandomArrays random = new RandomArrays(1);
    INDArray words = random.integers(3, 64, 16);
    INDArray w = random.normal(3, 8);
    INDArray dOut = random.normal(64, 16, 8);
    INDArray expected = ReferenceEmbedding.backward(dOut, words, w);
    WordEmbedding kernel = new WordEmbedding();
    for (int i = 0; i < 200; i++) {
      INDArray dW = unset(w);
      kernel.backward(dOut, kernel.forward(words, w, Allocator.DETACHED), dW);
      assertEqual(dW, expected);
    }
  }

  @Property(tries = 40)
  void temporalAffine(@ForAll KernelShapes.Rnn s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    Operands at =
        new Operands(
            layout.of(random.normal(s.n(), s.steps(), s.d())),
            random.normal(s.d(), s.h()),
            random.normal(s.h()),
            layout.of(random.normal(s.n(), s.steps(), s.h())));
    TemporalAffine kernel = new TemporalAffine();
    var actual = at.run(kernel::forward, TemporalAffine.Cache::out, kernel::backward);
    assertEqual(actual.out(), at.by(ReferenceAffine::temporalForward));
    actual
        .gradients()
        .assertEqual(at.by((x, w, b) -> ReferenceAffine.temporalBackward(at.dOut(), x, w, b)));
  }

  @Property(tries = 40)
  void tiedScores(@ForAll KernelShapes.Rnn s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray w = random.normal(s.h(), s.d());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), s.h()));
    INDArray other = random.normal(s.h(), s.d());
    INDArray dW = other.dup();
    TiedScores kernel = new TiedScores();
    TiedScores.Cache cache = kernel.forward(x, w, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, Allocator.DETACHED);
    kernel.addWeightGradient(dOut, cache, dW);
    INDArray transposed = w.transpose().dup('c');
    INDArray noBias = random.normal(s.h()).assign(0);
    assertEqual(cache.out(), ReferenceAffine.temporalForward(x, transposed, noBias));
    var expected = ReferenceAffine.temporalBackward(dOut, x, transposed, noBias);
    assertEqual(dX, expected.dx());
    assertEqual(dW.sub(other), expected.dw().transpose().dup('c'));
  }

  @Property(tries = 40)
  void temporalBias(@ForAll KernelShapes.Rnn s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray b = random.normal(s.d());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray db = unset(b);
    TemporalBias kernel = new TemporalBias();
    INDArray identity = Nd4j.eye(s.d()).castTo(b.dataType());
    assertEqual(
        kernel.forward(x, b, Allocator.DETACHED), ReferenceAffine.temporalForward(x, identity, b));
    INDArray dX = kernel.backward(dOut, db, Allocator.DETACHED);
    assertEqual(dX, dOut.dup('c'));
    assertEqual(db, ReferenceAffine.temporalBackward(dOut, x, identity, b).db());
  }

  @Property(tries = 60)
  void temporalSoftmaxLoss(
      @ForAll KernelShapes.Rnn s,
      @ForAll Layout layout,
      @ForAll boolean masked,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray scores = layout.of(random.normal(s.n(), s.steps(), s.h() + 1L));
    INDArray words = layout.of(random.integers(s.h() + 1, s.n(), s.steps()));
    INDArray mask = masked ? layout.of(random.raggedMask(s.n(), s.steps())) : null;
    TemporalSoftmaxLoss kernel = new TemporalSoftmaxLoss();
    LossKernel.Cache cache = kernel.forward(scores, words, mask);
    var expected = ReferenceLosses.temporalSoftmax(scores, words, mask);
    assertThat(cache.loss()).isCloseTo(expected.value(), within(1e-12 + 1e-12 * expected.value()));
    double mean = 1.0 / s.n();
    assertEqual(kernel.backward(cache, mean, Allocator.DETACHED), expected.gradient());
  }
}
