package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.engine.Allocator.DETACHED;

import java.util.List;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each kernel against the published cases; skipped where the shared material is missing. */
class PublishedVectorsTest {
  @Test
  void affine() {
    Vectors v = Vectors.load("affine_forward");
    INDArray x = v.input("x");
    assertPublished(
        v, "out", new Affine().forward(x, v.input("w"), v.input("b"), DETACHED).out(), 1e-9);
  }

  @Test
  void relu() {
    Vectors v = Vectors.load("relu_forward");
    assertPublished(v, "out", new Relu().forward(v.input("x"), DETACHED).out(), 5.1e-8);
  }

  @Test
  void conv() {
    Vectors v = Vectors.load("conv_forward");
    INDArray w = v.input("w");
    int stride = v.intParam("stride");
    int pad = v.intParam("pad");
    Window window = new Window((int) w.size(2), (int) w.size(3), stride, stride, pad, pad);
    INDArray out = new Conv2d(window).forward(v.input("x"), w, v.input("b"), DETACHED).out();
    assertPublished(v, "out", out, 2.3e-8);
  }

  @Test
  void maxPool() {
    Vectors v = Vectors.load("max_pool_forward");
    int stride = v.intParam("stride");
    Window window =
        new Window(v.intParam("pool_height"), v.intParam("pool_width"), stride, stride, 0, 0);
    assertPublished(v, "out", new MaxPool2d(window).forward(v.input("x"), DETACHED).out(), 4.2e-8);
  }

  @Test
  void softmaxLoss() {
    assertLoss(new SoftmaxLoss(), Vectors.load("softmax_loss"));
  }

  @Test
  void svmLoss() {
    assertLoss(new SvmLoss(), Vectors.load("svm_loss"));
  }

  private static void assertLoss(LossKernel kernel, Vectors v) {
    INDArray x = v.input("x");
    INDArray classes = v.input("y");
    INDArray labels = Nd4j.zeros(x.dataType(), x.shape());
    for (int n = 0; n < classes.length(); n++) {
      labels.putScalar(n, (long) classes.getDouble(n), 1);
    }
    double published = v.expected("loss").getDouble(0);
    assertThat(kernel.forward(x, labels, null).loss())
        .isCloseTo(published, within(1e-12 * published));
  }

  @Test
  void rnnStep() {
    Vectors v = Vectors.load("rnn_step_forward");
    INDArray out =
        new RnnStep()
            .forward(
                v.input("x"),
                v.input("prev_h"),
                v.input("Wx"),
                v.input("Wh"),
                v.input("b"),
                DETACHED)
            .out();
    assertPublished(v, "next_h", out, 1e-8);
  }

  @Test
  void rnn() {
    Vectors v = Vectors.load("rnn_forward");
    INDArray x = v.input("x");
    INDArray h0 = v.input("h0");
    INDArray wX = v.input("Wx");
    INDArray wH = v.input("Wh");
    INDArray b = v.input("b");
    assertPublished(
        v, "h", new VanillaRnn().forward(x, h0, wX, wH, b, null, DETACHED).out(), 7.8e-8);
    var cells = List.of(new StackedRnn.Parameters(wX, wH, b));
    assertPublished(
        v,
        "h",
        new StackedRnn(RnnCell.VANILLA, 1, false, 0).forward(x, h0, cells, null, DETACHED).out(),
        7.8e-8);
  }

  @Test
  void wordEmbedding() {
    Vectors v = Vectors.load("word_embedding_forward");
    INDArray out = new WordEmbedding().forward(v.input("x"), v.input("W"), DETACHED).out();
    assertPublished(v, "out", out, 1.1e-8);
  }

  /**
   * The published digits within the tolerance that correct code needs, the recomputed ones all but
   * exactly.
   */
  private static void assertPublished(Vectors v, String key, INDArray actual, double tolerance) {
    assertThat(Vectors.relativeError(actual, v.expected(key))).isLessThan(tolerance);
    assertThat(Vectors.relativeError(actual, v.recomputed(key))).isLessThan(1e-12);
  }
}
