package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.testing.Numeric.assertSmoothGradient;
import static org.descry.testing.Numeric.dot;

import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The references of recurrent networks and normalisation against central differences. */
class ReferenceSequenceGradientTest {
  private static final double TOLERANCE = 1e-6;
  private static final double EPS = 1e-5;

  @Property(tries = 12)
  void rnn(
      @ForAll KernelShapes.Rnn s,
      @ForAll boolean reversed,
      @ForAll boolean masked,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = random.normal(s.n(), s.steps(), s.d());
    INDArray h0 = random.normal(s.n(), s.h());
    INDArray wx = random.normal(s.d(), s.h());
    INDArray wh = random.normal(s.h(), s.h());
    INDArray b = random.normal(s.h());
    INDArray mask = masked ? random.mask(s.n(), s.steps()) : null;
    INDArray dOut = random.normal(s.n(), s.steps(), s.h());
    var mode = new ReferenceRnn.Mode(reversed, 0);
    var in = new ReferenceRnn.Sequence(x, h0, null, wx, wh, b, mask, mode);
    assertGradients(in, ReferenceRnn.backward(dOut, in), () -> dot(ReferenceRnn.forward(in), dOut));
  }

  @Test
  void rnnStep() {
    RandomArrays random = new RandomArrays(2);
    INDArray x = random.normal(4, 5);
    INDArray h = random.normal(4, 6);
    INDArray wx = random.normal(5, 6);
    INDArray wh = random.normal(6, 6);
    INDArray b = random.normal(6);
    INDArray dOut = random.normal(4, 6);
    DoubleSupplier f = () -> dot(ReferenceRnn.step(x, h, wx, wh, b), dOut);
    assertGradients(
        new ReferenceRnn.Sequence(x, h, wx, wh, b),
        ReferenceRnn.stepBackward(dOut, x, h, wx, wh, b),
        f);
  }

  private static void assertGradients(
      ReferenceRnn.Sequence of, ReferenceRnn.Gradients g, DoubleSupplier f) {
    assertSmoothGradient("dx", g.dx(), of.x(), f, TOLERANCE);
    assertSmoothGradient("dh", g.dh(), of.h0(), f, TOLERANCE);
    assertSmoothGradient("dWx", g.dWx(), of.wx(), f, TOLERANCE);
    assertSmoothGradient("dWh", g.dWh(), of.wh(), f, TOLERANCE);
    assertSmoothGradient("db", g.db(), of.b(), f, TOLERANCE);
  }

  @Test
  void truncationCutsTheSequenceIntoPiecesThatTheStateLinks() {
    RandomArrays random = new RandomArrays(3);
    INDArray x = random.normal(1, 4, 2);
    INDArray h0 = random.normal(1, 3);
    INDArray wx = random.normal(2, 3);
    INDArray wh = random.normal(3, 3);
    INDArray b = random.normal(3);
    INDArray dOut = random.normal(1, 4, 3);
    var mode = new ReferenceRnn.Mode(false, 2);
    var whole = new ReferenceRnn.Sequence(x, h0, null, wx, wh, b, null, mode);
    INDArray out = ReferenceRnn.forward(whole);
    var truncated = ReferenceRnn.backward(dOut, whole);
    var first =
        ReferenceRnn.backward(
            steps(dOut, 0), new ReferenceRnn.Sequence(steps(x, 0), h0, wx, wh, b));
    INDArray carried = steps(out, 0).tensorAlongDimension(1, 0, 2);
    var second =
        ReferenceRnn.backward(
            steps(dOut, 2), new ReferenceRnn.Sequence(steps(x, 2), carried, wx, wh, b));
    assertThat(Vectors.relativeError(truncated.dh(), first.dh())).isLessThan(1e-12);
    assertThat(Vectors.relativeError(truncated.dWh(), first.dWh().add(second.dWh())))
        .isLessThan(1e-12);
  }

  private static INDArray steps(INDArray x, int from) {
    Tensor all = Tensor.of(x);
    Tensor two = new Tensor(1, 2, all.size(2));
    for (int t = 0; t < 2; t++) {
      for (int d = 0; d < all.size(2); d++) {
        two.set(all.get(0, from + t, d), 0, t, d);
      }
    }
    return two.toArray();
  }

  @Property(tries = 10)
  void lstm(@ForAll KernelShapes.Rnn s, @ForAll boolean masked, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = random.normal(s.n(), s.steps(), s.d());
    INDArray h0 = random.normal(s.n(), s.h());
    INDArray c0 = random.normal(s.n(), s.h());
    INDArray wx = random.normal(s.d(), 4L * s.h());
    INDArray wh = random.normal(s.h(), 4L * s.h());
    INDArray b = random.normal(4L * s.h());
    INDArray mask = masked ? random.mask(s.n(), s.steps()) : null;
    INDArray dH = random.normal(s.n(), s.steps(), s.h());
    INDArray dC = random.normal(s.n(), s.steps(), s.h());
    var in = new ReferenceRnn.Sequence(x, h0, c0, wx, wh, b, mask, ReferenceRnn.Mode.PLAIN);
    DoubleSupplier f =
        () -> {
          var states = ReferenceLstm.forward(in);
          return dot(states.h(), dH) + dot(states.c(), dC);
        };
    var g = ReferenceLstm.backward(dH, dC, in);
    assertGradients(in, new ReferenceRnn.Gradients(g.dx(), g.dh(), g.dWx(), g.dWh(), g.db()), f);
    assertSmoothGradient("dc0", g.dc(), c0, f, TOLERANCE);
  }

  @Test
  void wordEmbeddingAddsRepeatedWordsUp() {
    RandomArrays random = new RandomArrays(4);
    INDArray words = random.integers(5, 50, 3);
    INDArray w = random.normal(5, 6);
    INDArray dOut = random.normal(50, 3, 6);
    assertSmoothGradient(
        "dW",
        ReferenceEmbedding.backward(dOut, words, w),
        w,
        () -> dot(ReferenceEmbedding.forward(words, w), dOut),
        TOLERANCE);
  }

  @Test
  void batchNorm() {
    assertBatchNorm(6, 5);
  }

  @Test
  void spatialBatchNorm() {
    assertBatchNorm(2, 3, 4, 5);
  }

  private static void assertBatchNorm(long... shape) {
    RandomArrays random = new RandomArrays(5);
    INDArray x = random.normal(shape).muli(5).addi(12);
    INDArray gamma = random.normal(shape[1]);
    INDArray beta = random.normal(shape[1]);
    INDArray dOut = random.normal(shape);
    Supplier<INDArray> out = () -> ReferenceBatchNorm.train(x, gamma, beta, EPS).out();
    var g = ReferenceBatchNorm.backward(dOut, x, gamma, EPS);
    assertSmoothGradient("dx", g.dx(), x, () -> dot(out.get(), dOut), TOLERANCE);
    assertSmoothGradient("dGamma", g.dGamma(), gamma, () -> dot(out.get(), dOut), TOLERANCE);
    assertSmoothGradient("dBeta", g.dBeta(), beta, () -> dot(out.get(), dOut), TOLERANCE);
    var simplified = ReferenceBatchNorm.backwardSimplified(dOut, x, gamma, EPS);
    assertThat(Vectors.relativeError(simplified.dx(), g.dx(), 1e-4)).isLessThan(1e-9);
    assertThat(Vectors.relativeError(simplified.dGamma(), g.dGamma())).isLessThan(1e-11);
    assertThat(Vectors.relativeError(simplified.dBeta(), g.dBeta())).isLessThan(1e-11);
  }

  @Test
  void batchNormAverages() {
    INDArray running = Nd4j.createFromArray(1.0, 2.0);
    INDArray batch = Nd4j.createFromArray(3.0, -2.0);
    INDArray after = ReferenceBatchNorm.running(running, batch, 0.9);
    assertThat(Vectors.relativeError(after, Nd4j.createFromArray(1.2, 1.6))).isLessThan(1e-12);
  }

  @Test
  void layerNorm() {
    RandomArrays random = new RandomArrays(6);
    INDArray x = random.normal(4, 5).muli(5).addi(12);
    INDArray gamma = random.normal(5);
    INDArray beta = random.normal(5);
    INDArray dOut = random.normal(4, 5);
    Supplier<INDArray> out = () -> ReferenceLayerNorm.forward(x, gamma, beta, EPS);
    var g = ReferenceLayerNorm.backward(dOut, x, gamma, EPS);
    assertSmoothGradient("dx", g.dx(), x, () -> dot(out.get(), dOut), TOLERANCE);
    assertSmoothGradient("dGamma", g.dGamma(), gamma, () -> dot(out.get(), dOut), TOLERANCE);
    assertSmoothGradient("dBeta", g.dBeta(), beta, () -> dot(out.get(), dOut), TOLERANCE);
  }

  @Test
  void sigmoid() {
    INDArray x = new RandomArrays(7).normal(4, 5).muli(3);
    INDArray dOut = new RandomArrays(8).normal(4, 5);
    assertSmoothGradient(
        "dx",
        ReferenceElementwise.sigmoidBackward(dOut, x),
        x,
        () -> dot(ReferenceElementwise.sigmoid(x), dOut),
        TOLERANCE);
    INDArray far = Nd4j.createFromArray(-1000.0, 1000.0);
    assertThat(ReferenceElementwise.sigmoid(far).toDoubleVector()).containsExactly(0, 1);
  }

  @Test
  void dropout() {
    RandomArrays random = new RandomArrays(9);
    INDArray x = random.normal(4, 5);
    INDArray mask = random.mask(4, 5);
    INDArray dOut = random.normal(4, 5);
    assertSmoothGradient(
        "dx",
        ReferenceElementwise.dropoutBackward(dOut, mask, 0.3),
        x,
        () -> dot(ReferenceElementwise.dropout(x, mask, 0.3), dOut),
        TOLERANCE);
  }
}
