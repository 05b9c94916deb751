package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.descry.engine.Bfloat16;
import org.descry.engine.NativeOp;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

class PrecisionTest {
  /** Two factors rounded to 8 bits, and some room. */
  private static final double ROUNDING = 1.5 / (1 << 8);

  private final RandomArrays random = new RandomArrays(11);

  private static void needsBfloat16() {
    String obstacle = Precision.BFLOAT16.obstacle();
    assumeTrue(obstacle == null, "no bfloat16: " + obstacle);
  }

  private static void inBfloat16(Runnable work) {
    Precision.BFLOAT16.during(
        () -> {
          work.run();
          return null;
        });
  }

  /** Of all elements, by the length of vectors. */
  private static double distance(INDArray a, INDArray b) {
    return a.sub(b).norm2Number().doubleValue() / b.norm2Number().doubleValue();
  }

  @Test
  void productsRoundTheirFactorsInsideAlone() {
    needsBfloat16();
    INDArray a = random.floats(100, 512);
    INDArray b = random.floats(512, 96);
    INDArray bias = random.floats(96);
    INDArray exact = random.floats(100, 96);
    INDArray rounded = random.floats(100, 96);
    INDArray again = random.floats(100, 96);
    NativeOp op = new NativeOp("matmul", 0, 0, 0).then("biasadd");
    op.in(a, b, bias).out(exact).run();
    inBfloat16(() -> op.in(a, b, bias).out(rounded).run());
    op.in(a, b, bias).out(again).run();
    assertThat(distance(rounded, exact)).isBetween(1e-5, ROUNDING);
    assertThat(again).isEqualTo(exact);
  }

  /** With 8 bits, a sum of ones would end at 256. */
  @Test
  void sumsAreFloat32() {
    needsBfloat16();
    INDArray out = random.floats(32, 32);
    INDArray ones = Nd4j.ones(DataType.FLOAT, 32, 4097);
    NativeOp op = new NativeOp("matmul", 0, 1, 0);
    inBfloat16(() -> op.in(ones, ones).out(out).run());
    assertThat(out.minNumber().doubleValue()).isEqualTo(4097);
    assertThat(out.maxNumber().doubleValue()).isEqualTo(4097);
  }

  /** They sum up rows and columns: gradients of biases, statistics, losses. */
  @Test
  void productsWithAVectorAreExact() {
    needsBfloat16();
    INDArray matrix = random.floats(100, 64);
    INDArray row = random.floats(1, 100);
    INDArray column = random.floats(64, 1);
    NativeOp op = new NativeOp("matmul", 0, 0, 0);
    for (INDArray[] pair : new INDArray[][] {{row, matrix}, {matrix, column}}) {
      INDArray exact = random.floats(pair[0].size(0), pair[1].size(1));
      INDArray rounded = exact.like();
      op.in(pair).out(exact).run();
      inBfloat16(() -> op.in(pair).out(rounded).run());
      assertThat(rounded.toStringFull()).isEqualTo(exact.toStringFull());
    }
  }

  @Test
  void functionsAreExact() {
    needsBfloat16();
    INDArray x = random.floats(100, 64);
    for (String name : List.of("tanh", "sigmoid", "relu")) {
      INDArray exact = x.like();
      INDArray rounded = x.like();
      new NativeOp(name).reals(0).in(x).out(exact).run();
      inBfloat16(() -> new NativeOp(name).reals(0).in(x).out(rounded).run());
      assertThat(Transforms.abs(rounded.sub(exact)).maxNumber().doubleValue()).isZero();
    }
  }

  /** Small images stand side by side in the weights' gradient where their number can be divided. */
  @ParameterizedTest
  @CsvSource({
    "8,16,3,1,1",
    "8,7,3,1,1",
    "24,3,3,1,1",
    "7,5,5,2,1",
    "1,7,3,1,1",
    "6,8,3,1,2",
    "6,9,2,0,1"
  })
  void convolutionsRoundTheirFactorsInsideAlone(
      int images, int side, int kernel, int padding, int stride) {
    needsBfloat16();
    Convolution convolution =
        new Convolution(
            new Geometry(
                new long[] {kernel, kernel},
                new long[] {stride, stride},
                new long[] {padding, padding}),
            null);
    int outSide = (side + 2 * padding - kernel) / stride + 1;
    INDArray x = random.floats(images, side, side, 32).permute(0, 3, 1, 2);
    INDArray w = random.floats(64, 32, kernel, kernel);
    INDArray b = random.floats(64);
    INDArray gradient = random.floats(images, outSide, outSide, 64).permute(0, 3, 1, 2);
    List<INDArray> exact = passes(convolution, x, w, b, gradient);
    List<INDArray> rounded = new ArrayList<>();
    inBfloat16(() -> rounded.addAll(passes(convolution, x, w, b, gradient)));
    List<String> names = List.of("out", "dW", "db", "dX");
    for (int i = 0; i < names.size(); i++) {
      double distance = distance(rounded.get(i), exact.get(i));
      assertThat(distance).as(names.get(i)).isBetween(1e-5, ROUNDING);
    }
  }

  private List<INDArray> passes(
      Convolution convolution, INDArray x, INDArray w, INDArray b, INDArray dOut) {
    INDArray out = random.floats(dOut.size(0), dOut.size(2), dOut.size(3), 64).permute(0, 3, 1, 2);
    INDArray dX = random.floats(x.size(0), x.size(2), x.size(3), 32).permute(0, 3, 1, 2);
    INDArray dW = w.like();
    INDArray db = b.like();
    assertThat(convolution.forward(x, w, b, out)).isTrue();
    assertThat(convolution.backward(x, w, dOut, dW, db, dX)).isTrue();
    return List.of(out, dW, db, dX);
  }

  /** A sum over the batch by several threads would spend its time on their waiting. */
  @ParameterizedTest
  @CsvSource({"16,1", "16,2", "8,1"})
  void theWeightsGradientIsForOneThread(int side, int stride) {
    needsBfloat16();
    Pass pass = new Pass(side, stride);
    INDArray x = pass.images();
    float[] alone = Team.alone(() -> pass.weightGradientAlone(x).data().asFloat());
    assertThat(pass.weightGradientAlone(x).data().asFloat()).containsExactly(alone);
  }

  /** What the matrix unit is slower at than the vectors stays float32. */
  @ParameterizedTest
  @CsvSource({
    "3,3,false",
    "4,3,false",
    "5,3,true",
    "32,1,true",
    "3,5,true",
    "3,7,true",
    "1,7,false"
  })
  void fewChannelsAreRoundedForLargeFiltersAlone(int channels, int kernel, boolean rounded) {
    needsBfloat16();
    long padding = kernel / 2;
    Geometry geometry =
        new Geometry(new long[] {kernel, kernel}, new long[] {1, 1}, new long[] {padding, padding});
    Convolution convolution = new Convolution(geometry, null);
    INDArray w = random.floats(8, channels, kernel, kernel);
    INDArray b = random.floats(8);
    INDArray x = random.floats(4, 16, 16, channels).permute(0, 3, 1, 2);
    INDArray exact = random.floats(4, 16, 16, 8).permute(0, 3, 1, 2);
    INDArray result = random.floats(4, 16, 16, 8).permute(0, 3, 1, 2);
    boolean fast = convolution.forward(x, w, b, exact);
    inBfloat16(() -> assertThat(convolution.forward(x, w, b, result)).isEqualTo(fast));
    assertThat(!result.equals(exact) && fast).isEqualTo(rounded);
    long[] image = {channels, 16, 16};
    long bytes = Rounding.bytes(geometry, image, new long[] {8, 16, 16});
    assertThat(bytes > 0).isEqualTo(rounded);
  }

  /** The weights' gradient takes the images as the forward pass rounded them. */
  @ParameterizedTest
  @CsvSource({"16,1", "16,2", "8,1"})
  void imagesAreRoundedOnce(int side, int stride) {
    needsBfloat16();
    assumeFalse(Precision.emulated(), "an emulation rounds for each primitive");
    Pass pass = new Pass(side, stride);
    INDArray x = pass.images();
    INDArray expected = pass.weightGradientAlone(x);
    inBfloat16(() -> pass.forward(x));
    x.assign(0);
    assertThat(pass.weightGradient(x)).containsExactly(expected.data().asFloat());
  }

  /** Another pass over a batch, or an evaluation, takes the place of what was rounded. */
  @ParameterizedTest
  @CsvSource({"16,1", "16,2", "8,1"})
  void anotherForwardPassDoesNotSpoilAGradient(int side, int stride) {
    needsBfloat16();
    Pass pass = new Pass(side, stride);
    INDArray first = pass.images();
    INDArray second = pass.images();
    float[] ofFirst = pass.weightGradientAlone(first).data().asFloat();
    float[] ofSecond = pass.weightGradientAlone(second).data().asFloat();
    inBfloat16(() -> pass.forward(first));
    inBfloat16(() -> pass.forward(second));
    assertThat(pass.weightGradient(first)).containsExactly(ofFirst);
    assertThat(pass.weightGradient(second)).containsExactly(ofSecond);
    inBfloat16(() -> pass.forward(first));
    pass.forward(second); // in float32
    assertThat(pass.weightGradient(second)).containsExactly(ofSecond);
    assertThat(pass.weightGradient(first)).containsExactly(ofFirst);
    INDArray half = first.get(NDArrayIndex.interval(0, 3));
    inBfloat16(() -> pass.forward(first));
    inBfloat16(() -> pass.forward(half));
    assertThat(pass.weightGradient(first)).containsExactly(ofFirst);
  }

  /** A convolution of 32 channels by 64 filters of 3 x 3, for the gradient of six images. */
  private final class Pass {
    private final Geometry geometry;
    private final Convolution convolution;
    private final int side;
    private final int outSide;
    private final INDArray w = random.floats(64, 32, 3, 3);
    private final INDArray b = random.floats(64);
    private final INDArray dOut;

    Pass(int side, int stride) {
      this.side = side;
      outSide = (side - 1) / stride + 1;
      geometry = new Geometry(new long[] {3, 3}, new long[] {stride, stride}, new long[] {1, 1});
      convolution = new Convolution(geometry, null);
      dOut = random.floats(6, outSide, outSide, 64).permute(0, 3, 1, 2);
    }

    INDArray images() {
      return random.floats(6, side, side, 32).permute(0, 3, 1, 2);
    }

    void forward(INDArray x) {
      INDArray out = random.floats(x.size(0), outSide, outSide, 64).permute(0, 3, 1, 2);
      assertThat(convolution.forward(x, w, b, out)).isTrue();
    }

    float[] weightGradient(INDArray x) {
      return weightGradient(convolution, x).data().asFloat();
    }

    /** By a convolution that has seen nothing. */
    INDArray weightGradientAlone(INDArray x) {
      return weightGradient(new Convolution(geometry, null), x);
    }

    private INDArray weightGradient(Convolution by, INDArray x) {
      INDArray dW = w.like();
      INDArray dX = images();
      inBfloat16(() -> assertThat(by.backward(x, w, dOut, dW, b.like(), dX)).isTrue());
      return dW;
    }
  }

  /**
   * Factors that have been rounded are multiplied exactly, so that an emulation changes nothing.
   */
  @Test
  void anEmulationRoundsFactorsAndNothingElse() {
    needsBfloat16();
    assumeTrue(Precision.emulated(), "the processor has bfloat16");
    INDArray a = random.floats(512, 100);
    INDArray b = random.floats(512, 200).get(NDArrayIndex.all(), NDArrayIndex.interval(7, 103));
    INDArray bias = random.floats(96);
    INDArray emulated = random.floats(100, 96);
    INDArray expected = random.floats(100, 96);
    NativeOp op = new NativeOp("matmul", 1, 0, 0).then("biasadd").then("tanh");
    inBfloat16(() -> op.in(a, b, bias).out(emulated).run());
    INDArray roundedB =
        random.floats(512, 200).get(NDArrayIndex.all(), NDArrayIndex.interval(7, 103));
    roundedB.assign(rounded(b));
    op.in(rounded(a), roundedB, bias).out(expected).run();
    assertThat(emulated.data().asFloat()).containsExactly(expected.data().asFloat());
    Pass pass = new Pass(8, 1);
    INDArray x = pass.images();
    INDArray gradient = pass.weightGradientAlone(x);
    Bfloat16.rounding(x).run();
    Bfloat16.rounding(pass.dOut).run();
    boolean before = Precision.emulate(false);
    try {
      INDArray exact = pass.w.like();
      assertThat(
              new Convolution(pass.geometry, null)
                  .backward(x, pass.w, pass.dOut, exact, pass.b.like(), null))
          .isTrue();
      assertThat(distance(gradient, exact)).isLessThan(1e-6);
    } finally {
      Precision.emulate(before);
    }
  }

  private static INDArray rounded(INDArray array) {
    INDArray copy = array.dup();
    Bfloat16.rounding(copy).run();
    return copy;
  }

  @Test
  void whereItIsMissingItSaysSo() {
    boolean before = Dnn.set(false);
    try {
      assertThat(Precision.BFLOAT16.obstacle()).startsWith("oneDNN is off");
      assertThat(Precision.FLOAT32.obstacle()).isNull();
      assertThatThrownBy(() -> inBfloat16(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("expected a machine with bfloat16, got one where oneDNN is off");
    } finally {
      Dnn.set(before);
    }
  }
}
