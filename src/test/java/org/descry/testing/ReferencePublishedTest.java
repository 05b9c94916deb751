package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each reference against the published cases; skipped where the shared material is missing. */
class ReferencePublishedTest {
  @Test
  void affine() {
    Vectors v = Vectors.load("affine_forward");
    INDArray out = ReferenceAffine.forward(v.input("x"), v.input("w"), v.input("b"));
    assertPublished(v, "out", out, 1e-9);
  }

  @Test
  void relu() {
    Vectors v = Vectors.load("relu_forward");
    assertPublished(v, "out", ReferenceElementwise.relu(v.input("x")), 5.1e-8);
  }

  @Test
  void conv() {
    Vectors v = Vectors.load("conv_forward");
    INDArray out =
        ReferenceConv2d.forward(
            v.input("x"), v.input("w"), v.input("b"), v.intParam("stride"), v.intParam("pad"));
    assertPublished(v, "out", out, 2.3e-8);
  }

  @Test
  void maxPool() {
    Vectors v = Vectors.load("max_pool_forward");
    INDArray out =
        ReferenceMaxPool2d.forward(
            v.input("x"),
            v.intParam("pool_height"),
            v.intParam("pool_width"),
            v.intParam("stride"));
    assertPublished(v, "out", out, 4.2e-8);
  }

  @Test
  void softmaxLoss() {
    Vectors v = Vectors.load("softmax_loss");
    double loss = ReferenceLosses.softmax(v.input("x"), oneHot(v), null).value();
    assertThat(loss).isCloseTo(v.expected("loss").getDouble(0), within(1e-12 * loss));
  }

  @Test
  void svmLoss() {
    Vectors v = Vectors.load("svm_loss");
    double loss = ReferenceLosses.svm(v.input("x"), oneHot(v), null).value();
    assertThat(loss).isCloseTo(v.expected("loss").getDouble(0), within(1e-12 * loss));
  }

  private static INDArray oneHot(Vectors v) {
    INDArray labels = Nd4j.zeros(v.input("x").dataType(), v.input("x").shape());
    INDArray classes = v.input("y");
    for (int n = 0; n < classes.length(); n++) {
      labels.putScalar(n, (long) classes.getDouble(n), 1);
    }
    return labels;
  }

  /**
   * The published digits within the tolerance that correct code needs, the recomputed ones exactly.
   */
  private static void assertPublished(Vectors v, String key, INDArray actual, double tolerance) {
    assertThat(Vectors.relativeError(actual, v.expected(key))).isLessThan(tolerance);
    assertThat(Vectors.relativeError(actual, v.recomputed(key))).isLessThan(1e-12);
  }
}
