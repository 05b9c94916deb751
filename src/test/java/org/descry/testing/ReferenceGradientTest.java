package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.testing.Numeric.assertGradient;
import static org.descry.testing.Numeric.dot;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Each reference's backward pass against central differences of its forward pass. */
class ReferenceGradientTest {
  private static final double TOLERANCE = 1e-6;

  @Property(tries = 15)
  void affine(@ForAll KernelShapes.Affine s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    Operands at =
        new Operands(
            layout.of(random.normal(s.n(), s.d())),
            layout.of(random.normal(s.d(), s.m())),
            random.normal(1, s.m()),
            random.normal(s.n(), s.m()));
    at.assertGradients(
        at.by((x, w, b) -> ReferenceAffine.backward(at.dOut(), x, w, b)), ReferenceAffine::forward);
  }

  @Test
  void temporalAffine() {
    RandomArrays random = new RandomArrays(1);
    Operands at =
        new Operands(
            random.normal(2, 3, 4), random.normal(4, 5), random.normal(5), random.normal(2, 3, 5));
    at.assertGradients(
        at.by((x, w, b) -> ReferenceAffine.temporalBackward(at.dOut(), x, w, b)),
        ReferenceAffine::temporalForward);
  }

  @Test
  void relu() {
    RandomArrays random = new RandomArrays(2);
    INDArray x = random.distinct(10, 10);
    INDArray dOut = random.normal(10, 10);
    assertGradient(
        "dx",
        ReferenceElementwise.reluBackward(dOut, x),
        x,
        () -> dot(ReferenceElementwise.relu(x), dOut),
        TOLERANCE);
  }

  @Test
  void reluHasNoGradientAtZero() {
    INDArray x = Nd4j.zeros(DataType.DOUBLE, 2, 2);
    assertThat(ReferenceElementwise.reluBackward(x.add(1), x)).isEqualTo(x);
  }

  @Property(tries = 8)
  void conv(@ForAll KernelShapes.Conv s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    Operands at =
        new Operands(
            layout.of(random.normal(1, s.c(), s.h(), s.w())),
            random.normal(s.f(), s.c(), s.hh(), s.ww()),
            random.normal(s.f()),
            random.normal(1, s.f(), s.outHeight(), s.outWidth()));
    Operands.Definition<INDArray> out =
        (x, w, b) -> ReferenceConv2d.forward(x, w, b, s.stride(), s.pad());
    var gradients =
        at.by((x, w, b) -> ReferenceConv2d.backward(at.dOut(), x, w, b, s.stride(), s.pad()));
    at.assertGradients(new Operands.Gradients(null, gradients.dw(), gradients.db()), out);
    // The input gradient costs four convolutions an element: one channel of it says as much.
    assertGradient(
        "dx",
        firstChannel(gradients.dx()),
        firstChannel(at.x()),
        () -> dot(at.by(out), at.dOut()),
        TOLERANCE);
  }

  private static INDArray firstChannel(INDArray x) {
    return x.get(
        NDArrayIndex.all(), NDArrayIndex.interval(0, 1), NDArrayIndex.all(), NDArrayIndex.all());
  }

  @Property(tries = 10)
  void maxPool(@ForAll KernelShapes.Pool s, @ForAll Layout layout, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = layout.of(random.distinct(1, s.c(), s.h(), s.w()));
    INDArray dOut = random.normal(1, s.c(), s.outHeight(), s.outWidth());
    assertGradient(
        "dx",
        ReferenceMaxPool2d.backward(dOut, x, s.height(), s.width(), s.stride()),
        x,
        () -> dot(ReferenceMaxPool2d.forward(x, s.height(), s.width(), s.stride()), dOut),
        TOLERANCE);
  }

  @Test
  void maxPoolPassesATieToTheFirst() {
    INDArray x = Nd4j.ones(DataType.DOUBLE, 1, 1, 2, 2);
    INDArray dx = ReferenceMaxPool2d.backward(Nd4j.ones(DataType.DOUBLE, 1, 1, 1, 1), x, 2, 2, 2);
    assertThat(dx.ravel().toDoubleVector()).containsExactly(1, 0, 0, 0);
  }

  @Test
  void losses() {
    RandomArrays random = new RandomArrays(5);
    INDArray scores = random.distinct(6, 5);
    INDArray mask = random.mask(6, 1);
    for (INDArray labels : new INDArray[] {random.oneHot(6, 5), random.probabilities(6, 5)}) {
      for (INDArray rows : new INDArray[] {null, mask}) {
        assertGradient(
            "softmax",
            ReferenceLosses.softmax(scores, labels, rows).gradient(),
            scores,
            () -> ReferenceLosses.softmax(scores, labels, rows).value(),
            TOLERANCE);
        assertGradient(
            "svm",
            ReferenceLosses.svm(scores, labels, rows).gradient(),
            scores,
            () -> ReferenceLosses.svm(scores, labels, rows).value(),
            TOLERANCE);
      }
    }
  }

  @Test
  void temporalSoftmax() {
    RandomArrays random = new RandomArrays(6);
    INDArray scores = random.normal(3, 4, 5);
    INDArray labels = random.integers(5, 3, 4);
    INDArray mask = random.raggedMask(3, 4);
    assertGradient(
        "temporal softmax",
        ReferenceLosses.temporalSoftmax(scores, labels, mask).gradient(),
        scores,
        () -> ReferenceLosses.temporalSoftmax(scores, labels, mask).value(),
        TOLERANCE);
  }
}
