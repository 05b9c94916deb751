package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

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

  @Test
  void rnnStep() {
    Vectors v = Vectors.load("rnn_step_forward");
    INDArray out =
        ReferenceRnn.step(
            v.input("x"), v.input("prev_h"), v.input("Wx"), v.input("Wh"), v.input("b"));
    assertPublished(v, "next_h", out, 1e-8);
  }

  @Test
  void rnn() {
    Vectors v = Vectors.load("rnn_forward");
    INDArray out =
        ReferenceRnn.forward(
            new ReferenceRnn.Sequence(
                v.input("x"), v.input("h0"), v.input("Wx"), v.input("Wh"), v.input("b")));
    assertPublished(v, "h", out, 7.8e-8);
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
    assertPublished(v, "next_h", states.h().reshape(shape), 1e-8);
    assertPublished(v, "next_c", states.c().reshape(shape), 1e-8);
  }

  @Test
  void wordEmbedding() {
    Vectors v = Vectors.load("word_embedding_forward");
    INDArray out = ReferenceEmbedding.forward(v.input("x"), v.input("W"));
    assertPublished(v, "out", out, 1.1e-8);
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
