package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.descry.engine.Allocator.DETACHED;

import java.util.List;
import org.descry.testing.ReferenceAffine;
import org.descry.testing.ReferenceBatchNorm;
import org.descry.testing.ReferenceConv2d;
import org.descry.testing.ReferenceElementwise;
import org.descry.testing.ReferenceEmbedding;
import org.descry.testing.ReferenceLosses;
import org.descry.testing.ReferenceLstm;
import org.descry.testing.ReferenceMaxPool2d;
import org.descry.testing.ReferenceRnn;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Kernels and references against the published cases; skipped where the material is missing. */
class PublishedVectorsTest {
  @Test
  void affine() {
    Vectors v = Vectors.load("affine_forward");
    INDArray x = v.input("x");
    INDArray w = v.input("w");
    INDArray b = v.input("b");
    assertPublished(
        v,
        "out",
        1e-9,
        new Affine().forward(x, w, b, DETACHED).out(),
        ReferenceAffine.forward(x, w, b));
  }

  @Test
  void relu() {
    Vectors v = Vectors.load("relu_forward");
    INDArray x = v.input("x");
    assertPublished(
        v, "out", 5.1e-8, new Relu().forward(x, DETACHED).out(), ReferenceElementwise.relu(x));
  }

  @Test
  void conv() {
    Vectors v = Vectors.load("conv_forward");
    INDArray x = v.input("x");
    INDArray w = v.input("w");
    INDArray b = v.input("b");
    int stride = v.intParam("stride");
    int pad = v.intParam("pad");
    Window window = new Window((int) w.size(2), (int) w.size(3), stride, stride, pad, pad);
    assertPublished(
        v,
        "out",
        2.3e-8,
        new Conv2d(window).forward(x, w, b, DETACHED).out(),
        ReferenceConv2d.forward(x, w, b, stride, pad));
  }

  @Test
  void maxPool() {
    Vectors v = Vectors.load("max_pool_forward");
    INDArray x = v.input("x");
    int height = v.intParam("pool_height");
    int width = v.intParam("pool_width");
    int stride = v.intParam("stride");
    Window window = new Window(height, width, stride, stride, 0, 0);
    assertPublished(
        v,
        "out",
        4.2e-8,
        new MaxPool2d(window).forward(x, DETACHED).out(),
        ReferenceMaxPool2d.forward(x, height, width, stride));
  }

  @Test
  void softmaxLoss() {
    Vectors v = Vectors.load("softmax_loss");
    assertLoss(
        v, new SoftmaxLoss(), ReferenceLosses.softmax(v.input("x"), oneHot(v), null).value());
  }

  @Test
  void svmLoss() {
    Vectors v = Vectors.load("svm_loss");
    assertLoss(v, new SvmLoss(), ReferenceLosses.svm(v.input("x"), oneHot(v), null).value());
  }

  private static void assertLoss(Vectors v, LossKernel kernel, double reference) {
    double published = v.expected("loss").getDouble(0);
    assertThat(List.of(reference, kernel.forward(v.input("x"), oneHot(v), null).loss()))
        .allSatisfy(loss -> assertThat(loss).isCloseTo(published, within(1e-12 * published)));
  }

  private static INDArray oneHot(Vectors v) {
    INDArray labels = Nd4j.zeros(v.input("x").dataType(), v.input("x").shape());
    INDArray classes = v.input("y");
    for (int n = 0; n < classes.length(); n++) {
      labels.putScalar(n, (long) classes.getDouble(n), 1);
    }
    return labels;
  }

  @Test
  void rnnStep() {
    Vectors v = Vectors.load("rnn_step_forward");
    INDArray x = v.input("x");
    INDArray h = v.input("prev_h");
    INDArray wX = v.input("Wx");
    INDArray wH = v.input("Wh");
    INDArray b = v.input("b");
    assertPublished(
        v,
        "next_h",
        1e-8,
        new RnnStep().forward(x, h, wX, wH, b, DETACHED).out(),
        ReferenceRnn.step(x, h, wX, wH, b));
  }

  @Test
  void rnn() {
    Vectors v = Vectors.load("rnn_forward");
    INDArray x = v.input("x");
    INDArray h0 = v.input("h0");
    INDArray wX = v.input("Wx");
    INDArray wH = v.input("Wh");
    INDArray b = v.input("b");
    var cells = List.of(new StackedRnn.Parameters(wX, wH, b));
    assertPublished(
        v,
        "h",
        7.8e-8,
        new VanillaRnn().forward(x, h0, wX, wH, b, null, DETACHED).out(),
        new StackedRnn(RnnCell.VANILLA, 1, false, 0).forward(x, h0, cells, null, DETACHED).out(),
        ReferenceRnn.forward(new ReferenceRnn.Sequence(x, h0, wX, wH, b)));
  }

  @Test
  void lstmStep() {
    Vectors v = Vectors.load("lstm_step_forward");
    INDArray x = v.input("x");
    ReferenceLstm.States states =
        ReferenceLstm.forward(
            new ReferenceRnn.Sequence(
                x.reshape(x.size(0), 1, x.size(1)),
                v.input("prev_h"),
                v.input("prev_c"),
                v.input("Wx"),
                v.input("Wh"),
                v.input("b"),
                null,
                ReferenceRnn.Mode.PLAIN));
    long[] shape = v.input("prev_h").shape();
    assertPublished(v, "next_h", 1e-8, states.h().reshape(shape));
    assertPublished(v, "next_c", 1e-8, states.c().reshape(shape));
  }

  @Test
  void wordEmbedding() {
    Vectors v = Vectors.load("word_embedding_forward");
    INDArray x = v.input("x");
    INDArray w = v.input("W");
    assertPublished(
        v,
        "out",
        1.1e-8,
        new WordEmbedding().forward(x, w, DETACHED).out(),
        ReferenceEmbedding.forward(x, w));
  }

  @Test
  void spatialBatchNorm() {
    Vectors v = Vectors.load("spatial_batchnorm_forward_train");
    INDArray gamma = Nd4j.createFromArray(3.0, 4, 5);
    INDArray beta = Nd4j.createFromArray(6.0, 7, 8);
    var forward = ReferenceBatchNorm.train(v.input("x"), gamma, beta, v.param("eps"));
    INDArray deviation = Transforms.sqrt(forward.variance());
    assertThat(forward.mean().equalsWithEps(v.expected("x_mean"), 1e-8)).isTrue();
    assertThat(deviation.equalsWithEps(v.expected("x_std"), 1e-8)).isTrue();
    assertThat(forward.out().mean(0, 2, 3).equalsWithEps(v.expected("case2_mean"), 1e-8)).isTrue();
    assertThat(forward.out().std(false, 0, 2, 3).equalsWithEps(v.expected("case2_std"), 1e-8))
        .isTrue();
  }

  /**
   * The published digits within the tolerance that correct code needs, the recomputed ones all but
   * exactly.
   */
  private static void assertPublished(
      Vectors v, String key, double tolerance, INDArray... answers) {
    for (INDArray answer : answers) {
      assertThat(Vectors.relativeError(answer, v.expected(key))).isLessThan(tolerance);
      assertThat(Vectors.relativeError(answer, v.recomputed(key))).isLessThan(1e-12);
    }
  }
}
