package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;
import static org.descry.testing.Numeric.unset;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.engine.Allocator;
import org.descry.testing.KernelShapes;
import org.descry.testing.Layout;
import org.descry.testing.RandomArrays;
import org.descry.testing.ReferenceElementwise;
import org.descry.testing.ReferenceLayerNorm;
import org.descry.testing.ReferenceLstm;
import org.descry.testing.ReferenceRnn;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** LSTM, layer normalisation and sigmoid against their references, in every memory layout. */
class LstmTest {
  @Property(tries = 100)
  void sequence(
      @ForAll KernelShapes.Rnn s,
      @ForAll Layout layout,
      @ForAll @IntRange(max = 7) int options,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.steps(), s.d()));
    INDArray h0 = (options & 1) == 0 ? null : layout.of(random.normal(s.n(), s.h()));
    INDArray c0 = (options & 2) == 0 ? null : layout.of(random.normal(s.n(), s.h()));
    INDArray mask = (options & 4) == 0 ? null : random.mask(s.n(), s.steps());
    INDArray dOut = layout.of(random.normal(s.n(), s.steps(), s.h()));
    Weights w = new Weights(random, s);
    Lstm kernel = new Lstm();
    Lstm.Cache cache = kernel.forward(x, h0, c0, w.wX, w.wH, w.b, mask, Allocator.DETACHED);
    Lstm.Gradients actual = w.backward(kernel, dOut, cache);
    var in = w.sequence(x, h0, c0, mask);
    var forward = ReferenceLstm.forward(in);
    assertEqual(cache.out(), forward.h());
    assertEqual(cache.lastCell(), forward.c().tensorAlongDimension(s.steps() - 1, 0, 2));
    var backward = ReferenceLstm.backward(dOut, null, in);
    assertEqual(actual.dX(), backward.dx());
    assertEqual(actual.dH0(), backward.dh());
    assertEqual(actual.dC0(), backward.dc());
    w.assertGradients(backward);
  }

  @Property(tries = 40)
  void reversedIsTheMirroredSequence(
      @ForAll KernelShapes.Rnn s, @ForAll boolean masked, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = random.normal(s.n(), s.steps(), s.d());
    INDArray mask = masked ? random.mask(s.n(), s.steps()) : null;
    INDArray dOut = random.normal(s.n(), s.steps(), s.h());
    Weights w = new Weights(random, s);
    Lstm kernel = new Lstm(true, 0);
    Lstm.Cache cache = kernel.forward(x, null, null, w.wX, w.wH, w.b, mask, Allocator.DETACHED);
    Lstm.Gradients actual = w.backward(kernel, dOut, cache);
    var mirrored = w.sequence(mirror(x), null, null, masked ? mirror(mask) : null);
    var forward = ReferenceLstm.forward(mirrored);
    assertEqual(cache.out(), mirror(forward.h()));
    assertEqual(cache.last(), forward.h().tensorAlongDimension(s.steps() - 1, 0, 2));
    var backward = ReferenceLstm.backward(mirror(dOut), null, mirrored);
    assertEqual(actual.dX(), mirror(backward.dx()));
    assertEqual(actual.dH0(), backward.dh());
    w.assertGradients(backward);
  }

  @Test
  void truncationCutsBothStates() {
    KernelShapes.Rnn s = new KernelShapes.Rnn(2, 4, 3, 5);
    RandomArrays random = new RandomArrays(1);
    INDArray x = random.normal(2, 4, 3);
    INDArray dOut = Nd4j.zeros(DataType.DOUBLE, 2, 4, 5);
    dOut.tensorAlongDimension(3, 0, 2).assign(random.normal(2, 5));
    Weights w = new Weights(random, s);
    Lstm kernel = new Lstm(false, 2);
    Lstm.Cache cache = kernel.forward(x, null, null, w.wX, w.wH, w.b, null, Allocator.DETACHED);
    INDArray dX =
        kernel
            .backward(dOut, null, null, cache, w.dWx, w.dWh, w.db, Allocator.DETACHED, null, null)
            .dX();
    for (int t = 0; t < 4; t++) {
      boolean reached = dX.tensorAlongDimension(t, 0, 2).amaxNumber().doubleValue() > 0;
      assertThat(reached).as("step %d", t).isEqualTo(t >= 2);
    }
  }

  @Property(tries = 40)
  void step(@ForAll KernelShapes.Rnn s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.normal(s.n(), s.d()));
    INDArray h = layout.of(random.normal(s.n(), s.h()));
    INDArray c = layout.of(random.normal(s.n(), s.h()));
    INDArray dH = layout.of(random.normal(s.n(), s.h()));
    INDArray dC = layout.of(random.normal(s.n(), s.h()));
    Weights w = new Weights(random, s);
    LstmStep kernel = new LstmStep();
    LstmStep.Cache cache = kernel.forward(x, h, c, w.wX, w.wH, w.b, Allocator.DETACHED);
    LstmStep.Gradients actual =
        kernel.backward(dH, dC, cache, w.dWx, w.dWh, w.db, Allocator.DETACHED);
    INDArray xs = x.dup('c').reshape(s.n(), 1, s.d());
    long[] shape = {s.n(), 1, s.h()};
    var in = w.sequence(xs, h, c, null);
    var forward = ReferenceLstm.forward(in);
    assertEqual(cache.h(), forward.h().reshape(s.n(), s.h()));
    assertEqual(cache.c(), forward.c().reshape(s.n(), s.h()));
    var backward =
        ReferenceLstm.backward(dH.dup('c').reshape(shape), dC.dup('c').reshape(shape), in);
    assertEqual(actual.dX(), backward.dx().reshape(s.n(), s.d()));
    assertEqual(actual.dH(), backward.dh());
    assertEqual(actual.dC(), backward.dc());
    w.assertGradients(backward);
  }

  @Test
  void publishedStep() {
    Vectors v = Vectors.load("lstm_step_forward");
    LstmStep.Cache cache =
        new LstmStep()
            .forward(
                v.input("x"),
                v.input("prev_h"),
                v.input("prev_c"),
                v.input("Wx"),
                v.input("Wh"),
                v.input("b"),
                Allocator.DETACHED);
    assertThat(Vectors.relativeError(cache.h(), v.expected("next_h"))).isLessThan(1e-8);
    assertThat(Vectors.relativeError(cache.c(), v.expected("next_c"))).isLessThan(1e-8);
    assertThat(Vectors.relativeError(cache.h(), v.recomputed("next_h"))).isLessThan(1e-13);
  }

  @Property(tries = 60)
  void layerNorm(
      @ForAll KernelShapes.Rnn s,
      @ForAll boolean sequences,
      @ForAll Layout layout,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    int width = s.d() + 1;
    long[] shape = sequences ? new long[] {s.n(), s.steps(), width} : new long[] {s.n(), width};
    INDArray x = layout.of(random.normal(shape).muli(5).addi(12));
    INDArray dOut = layout.of(random.normal(shape));
    INDArray gamma = random.normal(width);
    INDArray beta = random.normal(width);
    INDArray dGamma = unset(gamma);
    INDArray dBeta = unset(beta);
    LayerNorm kernel = new LayerNorm();
    LayerNorm.Cache cache = kernel.forward(x, gamma, beta, Allocator.DETACHED);
    INDArray dX = kernel.backward(dOut, cache, dGamma, dBeta, Allocator.DETACHED);
    INDArray rows = x.dup('c').reshape('c', -1, width);
    var backward =
        ReferenceLayerNorm.backward(
            dOut.dup('c').reshape('c', -1, width), rows, gamma, LayerNorm.EPSILON);
    assertEqual(
        cache.out(),
        ReferenceLayerNorm.forward(rows, gamma, beta, LayerNorm.EPSILON).reshape('c', shape));
    assertEqual(dX, backward.dx().reshape('c', shape));
    assertEqual(dGamma, backward.dGamma());
    assertEqual(dBeta, backward.dBeta());
  }

  @Property(tries = 40)
  void sigmoid(@ForAll KernelShapes.Affine s, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = random.normal(s.n(), s.d()).muli(10);
    INDArray dOut = random.normal(s.n(), s.d());
    Sigmoid kernel = new Sigmoid();
    Elementwise.Cache cache = kernel.forward(x, Allocator.DETACHED);
    assertThat(Vectors.relativeError(cache.out(), ReferenceElementwise.sigmoid(x), 1e-300))
        .isLessThan(1e-12);
    assertEqual(
        kernel.backward(dOut, cache, Allocator.DETACHED),
        ReferenceElementwise.sigmoidBackward(dOut, x));
  }

  @Test
  void sigmoidIsStableOnBothSides() {
    INDArray x = Nd4j.createFromArray(-1e4, -700, -40, 0, 40, 700, 1e4);
    INDArray out = new Sigmoid().forward(x, Allocator.DETACHED).out();
    assertThat(out.toDoubleVector())
        .containsExactly(
            new double[] {0, Math.exp(-700), Math.exp(-40), 0.5, 1, 1, 1}, offset(1e-12));
    assertThat(out.getDouble(1) / Math.exp(-700)).isCloseTo(1, within(1e-12));
    INDArray single = new Sigmoid().forward(x.castTo(DataType.FLOAT), Allocator.DETACHED).out();
    assertThat(single.isNaN().any()).isFalse();
  }

  /** Random weights, and memory for their gradients. */
  private static final class Weights {
    final INDArray wX;
    final INDArray wH;
    final INDArray b;
    final INDArray dWx;
    final INDArray dWh;
    final INDArray db;

    Weights(RandomArrays random, KernelShapes.Rnn s) {
      wX = random.normal(s.d(), 4L * s.h());
      wH = random.normal(s.h(), 4L * s.h());
      b = random.normal(4L * s.h());
      dWx = unset(wX);
      dWh = unset(wH);
      db = unset(b);
    }

    Lstm.Gradients backward(Lstm kernel, INDArray dOut, Lstm.Cache cache) {
      Allocator to = Allocator.DETACHED;
      return kernel.backward(dOut, null, null, cache, dWx, dWh, db, to, to, to);
    }

    ReferenceRnn.Sequence sequence(INDArray x, INDArray h0, INDArray c0, INDArray mask) {
      return new ReferenceRnn.Sequence(x, h0, c0, wX, wH, b, mask, ReferenceRnn.Mode.PLAIN);
    }

    void assertGradients(ReferenceLstm.Gradients expected) {
      assertEqual(dWx, expected.dWx());
      assertEqual(dWh, expected.dWh());
      assertEqual(db, expected.db());
    }
  }

  private static INDArray mirror(INDArray sequence) {
    INDArray mirrored = sequence.dup('c');
    long steps = sequence.size(1);
    for (long n = 0; n < sequence.size(0); n++) {
      for (long t = 0; t < steps; t++) {
        INDArray from = sequence.slice(n).slice(steps - 1 - t);
        mirrored.slice(n).slice(t).assign(from);
      }
    }
    return mirrored;
  }

  /** Equal but for rounding in float64. */
  private static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(Vectors.relativeError(actual, expected, 1e-2)).isLessThan(1e-9);
  }
}
