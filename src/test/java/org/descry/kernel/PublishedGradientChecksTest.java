package org.descry.kernel;

import static org.descry.engine.Allocator.DETACHED;
import static org.descry.testing.Numeric.assertGradient;
import static org.descry.testing.Numeric.dot;
import static org.descry.testing.Numeric.unset;

import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.descry.testing.Operands;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Each kernel's backward pass against central differences, in the published checks' shapes. */
class PublishedGradientChecksTest {
  private static final double TOLERANCE = 1e-6;
  private final RandomArrays random = new RandomArrays(231);

  private INDArray normal(String function, String input) {
    return random.normal(Vectors.checkShape(function, input));
  }

  private static void assertGradients(
      DoubleSupplier f, INDArray[] gradients, INDArray... variables) {
    for (int i = 0; i < variables.length; i++) {
      assertGradient("variable " + i, gradients[i], variables[i], f, TOLERANCE);
    }
  }

  private <C> void checkMap(
      String function,
      Operands.Forward<C> forward,
      Function<C, INDArray> out,
      Operands.Backward<C> backward) {
    Operands at =
        new Operands(
            normal(function, "x"),
            normal(function, "w"),
            normal(function, "b"),
            normal(function, "dout"));
    at.assertGradients(
        at.run(forward, out, backward).gradients(),
        (x, w, b) -> out.apply(forward.run(x, w, b, DETACHED)));
  }

  @Test
  void affine() {
    Affine kernel = new Affine();
    checkMap("affine_backward", kernel::forward, Affine.Cache::out, kernel::backward);
  }

  @Test
  void relu() {
    INDArray x = normal("relu_backward", "x");
    INDArray dOut = normal("relu_backward", "dout");
    Relu kernel = new Relu();
    INDArray dX = kernel.backward(dOut, kernel.forward(x, DETACHED), DETACHED);
    assertGradient("x", dX, x, () -> dot(kernel.forward(x, DETACHED).out(), dOut), TOLERANCE);
  }

  @Test
  void affineRelu() {
    AffineRelu kernel = new AffineRelu();
    checkMap("affine_relu (sandwich)", kernel::forward, AffineBlock.Cache::out, kernel::backward);
  }

  @Test
  void conv() {
    Conv2d kernel = new Conv2d(Window.same(3));
    checkMap("conv_backward", kernel::forward, Conv2d.Cache::out, kernel::backward);
  }

  @Test
  void convRelu() {
    ConvRelu kernel = new ConvRelu(Window.same(3));
    checkMap("conv_relu (sandwich)", kernel::forward, ConvBlock.Cache::out, kernel::backward);
  }

  @Test
  void convReluPool() {
    ConvReluPool kernel = new ConvReluPool(Window.same(3), Window.tiling(2));
    checkMap("conv_relu_pool (sandwich)", kernel::forward, ConvBlock.Cache::out, kernel::backward);
  }

  @Test
  void maxPool() {
    INDArray x = random.distinct(Vectors.checkShape("max_pool_backward", "x"));
    INDArray dOut = normal("max_pool_backward", "dout");
    MaxPool2d kernel = new MaxPool2d(Window.tiling(2));
    INDArray dX = kernel.backward(dOut, kernel.forward(x, DETACHED), DETACHED);
    assertGradient("x", dX, x, () -> dot(kernel.forward(x, DETACHED).out(), dOut), TOLERANCE);
  }

  @Test
  void losses() {
    for (LossKernel kernel : new LossKernel[] {new SoftmaxLoss(), new SvmLoss()}) {
      String function = kernel instanceof SvmLoss ? "svm_loss" : "softmax_loss";
      INDArray x = normal(function, "x").muli(0.001);
      INDArray labels = random.oneHot(x.shape());
      INDArray dX = kernel.backward(kernel.forward(x, labels, null), 1.0 / x.size(0), DETACHED);
      assertGradient(function, dX, x, () -> kernel.forward(x, labels, null).loss(), TOLERANCE);
    }
  }

  @Test
  void rnnStep() {
    String function = "rnn_step_backward";
    INDArray x = normal(function, "x");
    INDArray h = normal(function, "h");
    INDArray wX = normal(function, "Wx");
    INDArray wH = normal(function, "Wh");
    INDArray b = normal(function, "b");
    INDArray dOut = normal(function, "dnext_h");
    INDArray dWx = unset(wX);
    INDArray dWh = unset(wH);
    INDArray db = unset(b);
    RnnStep kernel = new RnnStep();
    var flow =
        kernel.backward(dOut, kernel.forward(x, h, wX, wH, b, DETACHED), dWx, dWh, db, DETACHED);
    assertGradients(
        () -> dot(kernel.forward(x, h, wX, wH, b, DETACHED).out(), dOut),
        new INDArray[] {flow.dX(), flow.dH(), dWx, dWh, db},
        x,
        h,
        wX,
        wH,
        b);
  }

  @Test
  void rnn() {
    INDArray x = normal("rnn_backward", "x");
    INDArray h0 = normal("rnn_backward", "h0");
    INDArray wX = normal("rnn_backward", "Wx");
    INDArray wH = normal("rnn_backward", "Wh");
    INDArray b = normal("rnn_backward", "b");
    INDArray dOut = normal("rnn_backward", "dout");
    INDArray dWx = unset(wX);
    INDArray dWh = unset(wH);
    INDArray db = unset(b);
    VanillaRnn kernel = new VanillaRnn();
    var cache = kernel.forward(x, h0, wX, wH, b, null, DETACHED);
    var flow = kernel.backward(dOut, cache, dWx, dWh, db, DETACHED, DETACHED);
    assertGradients(
        () -> dot(kernel.forward(x, h0, wX, wH, b, null, DETACHED).out(), dOut),
        new INDArray[] {flow.dX(), flow.dH0(), dWx, dWh, db},
        x,
        h0,
        wX,
        wH,
        b);
  }

  @Test
  void wordEmbedding() {
    INDArray words = random.integers(5, Vectors.checkShape("word_embedding_backward", "x"));
    INDArray w = normal("word_embedding_backward", "W");
    INDArray dOut = normal("word_embedding_backward", "dout");
    INDArray dW = unset(w);
    WordEmbedding kernel = new WordEmbedding();
    kernel.backward(dOut, kernel.forward(words, w, DETACHED), dW);
    assertGradient(
        "W", dW, w, () -> dot(kernel.forward(words, w, DETACHED).out(), dOut), TOLERANCE);
  }

  @Test
  void temporalAffine() {
    TemporalAffine kernel = new TemporalAffine();
    checkMap(
        "temporal_affine_backward", kernel::forward, TemporalAffine.Cache::out, kernel::backward);
  }

  @Test
  void temporalSoftmaxLoss() {
    INDArray x = normal("temporal_softmax_loss", "x");
    INDArray words = random.integers((int) x.size(2), x.size(0), x.size(1));
    INDArray mask = random.mask(Vectors.checkShape("temporal_softmax_loss", "mask"));
    TemporalSoftmaxLoss kernel = new TemporalSoftmaxLoss();
    INDArray dX = kernel.backward(kernel.forward(x, words, mask), 1.0 / x.size(0), DETACHED);
    assertGradient("x", dX, x, () -> kernel.forward(x, words, mask).loss(), TOLERANCE);
  }
}
