package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.testing.Numeric.assertGradient;
import static org.descry.testing.Numeric.dot;

import java.util.function.Supplier;
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
    INDArray x = layout.of(random.normal(s.n(), s.d()));
    INDArray w = layout.of(random.normal(s.d(), s.m()));
    INDArray b = random.normal(1, s.m());
    INDArray dOut = random.normal(s.n(), s.m());
    Supplier<INDArray> out = () -> ReferenceAffine.forward(x, w, b);
    var gradients = ReferenceAffine.backward(dOut, x, w, b);
    assertGradient("dx", gradients.dx(), x, () -> dot(out.get(), dOut), TOLERANCE);
    assertGradient("dw", gradients.dw(), w, () -> dot(out.get(), dOut), TOLERANCE);
    assertGradient("db", gradients.db(), b, () -> dot(out.get(), dOut), TOLERANCE);
  }

  @Test
  void temporalAffine() {
    RandomArrays random = new RandomArrays(1);
    INDArray x = random.normal(2, 3, 4);
    INDArray w = random.normal(4, 5);
    INDArray b = random.normal(5);
    INDArray dOut = random.normal(2, 3, 5);
    Supplier<INDArray> out = () -> ReferenceAffine.temporalForward(x, w, b);
    var gradients = ReferenceAffine.temporalBackward(dOut, x, w, b);
    assertGradient("dx", gradients.dx(), x, () -> dot(out.get(), dOut), TOLERANCE);
    assertGradient("dw", gradients.dw(), w, () -> dot(out.get(), dOut), TOLERANCE);
    assertGradient("db", gradients.db(), b, () -> dot(out.get(), dOut), TOLERANCE);
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
    INDArray x = layout.of(random.normal(1, s.c(), s.h(), s.w()));
    INDArray w = random.normal(s.f(), s.c(), s.hh(), s.ww());
    INDArray b = random.normal(s.f());
    INDArray dOut = random.normal(1, s.f(), s.outHeight(), s.outWidth());
    Supplier<INDArray> out = () -> ReferenceConv2d.forward(x, w, b, s.stride(), s.pad());
    var gradients = ReferenceConv2d.backward(dOut, x, w, b, s.stride(), s.pad());
    assertGradient("dw", gradients.dw(), w, () -> dot(out.get(), dOut), TOLERANCE);
    assertGradient("db", gradients.db(), b, () -> dot(out.get(), dOut), TOLERANCE);
    // The input gradient costs four convolutions an element: one channel of it says as much.
    INDArray dx = gradients.dx();
    assertGradient("dx", firstChannel(dx), firstChannel(x), () -> dot(out.get(), dOut), TOLERANCE);
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
