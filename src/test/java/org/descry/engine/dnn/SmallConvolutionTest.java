package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.engine.Allocator.DETACHED;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.descry.kernel.Conv2d;
import org.descry.kernel.Window;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Convolutions that are small in some way: few channels or filters, one pixel a row or column. */
@EnabledIf("org.descry.engine.dnn.Dnn#on")
class SmallConvolutionTest {
  private static final double TOLERANCE = 1e-5;

  /** Of sums over the pixels of all images, which may nearly cancel out. */
  private static final double OF_GRADIENTS = 1e-4;

  private final RandomArrays random = new RandomArrays(5);

  private static Geometry geometry(int kernel, int stride) {
    return new Geometry(
        new long[] {kernel, kernel},
        new long[] {stride, stride},
        new long[] {kernel / 2, kernel / 2});
  }

  /** oneDNN does all of them, and as ND4J does them on doubles. */
  @ParameterizedTest
  @CsvSource({
    "3, 32, 9, 9, 3, 1",
    "3, 24, 8, 11, 5, 1",
    "4, 16, 12, 12, 3, 2",
    "2, 20, 7, 6, 7, 1",
    "1, 16, 12, 12, 5, 1",
    "1, 6, 9, 9, 3, 2",
    "16, 1, 9, 8, 3, 1",
    "1, 1, 7, 7, 3, 1",
    "16, 32, 6, 1, 3, 1",
    "3, 16, 1, 6, 3, 1",
    "64, 64, 1, 1, 3, 1",
    "32, 16, 1, 1, 1, 1"
  })
  void areThoseOfDoubles(int channels, int filters, int height, int width, int kernel, int stride) {
    Window window = new Window(kernel, kernel, stride, stride, kernel / 2, kernel / 2);
    INDArray x = images(channels, height, width);
    INDArray w = random.floats(filters, channels, kernel, kernel);
    INDArray b = random.floats(filters);
    INDArray dOut = images(filters, window.outHeight(height), window.outWidth(width));
    INDArray out = images(filters, window.outHeight(height), window.outWidth(width));
    Convolution convolution = new Convolution(geometry(kernel, stride), null);
    assertThat(convolution.forward(x, w, b, out)).isTrue();
    INDArray dW = w.like();
    INDArray db = b.like();
    INDArray dX = images(channels, height, width);
    assertThat(convolution.backward(x, w, dOut, dW, db, dX)).isTrue();

    Conv2d reference = new Conv2d(window);
    Conv2d.Cache cache = reference.forward(doubles(x), doubles(w), doubles(b), DETACHED);
    INDArray toW = doubles(w);
    INDArray toB = doubles(b);
    INDArray toX = reference.backward(doubles(dOut), cache, toW, toB, DETACHED);
    assertThat(Vectors.relativeError(doubles(out), cache.out(), 1)).isLessThan(TOLERANCE);
    assertThat(Vectors.relativeError(doubles(dW), toW, 1)).isLessThan(OF_GRADIENTS);
    assertThat(Vectors.relativeError(doubles(db), toB, 1)).isLessThan(OF_GRADIENTS);
    assertThat(Vectors.relativeError(doubles(dX), toX, 1)).isLessThan(OF_GRADIENTS);
  }

  private INDArray images(long channels, long height, long width) {
    return random.floats(3, height, width, channels).permute(0, 3, 1, 2);
  }

  private static INDArray doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE);
  }

  /** Large filters and windows of one pixel are products of matrices. */
  @ParameterizedTest
  @CsvSource({
    "3, 3, true",
    "3, 5, true",
    "1, 7, true",
    "11, 3, true",
    "12, 3, false",
    "3, 7, false",
    "64, 3, false",
    "3, 1, false"
  })
  void smallFiltersAreNoProductsOfMatrices(int channels, int kernel, boolean direct) {
    try (Descs descs = new Descs(0)) {
      Geometry geometry = geometry(kernel, 1);
      INDArray w = random.floats(32, channels, kernel, kernel);
      long[] layouts = {
        descs.channelsLast(4, channels, 16, 16),
        descs.any(w.shape()),
        descs.rowMajor(32),
        descs.channelsLast(4, 32, 16, 16)
      };
      long[] padAfter = {kernel / 2, kernel / 2};
      geometry.hint(layouts, padAfter, 0, descs);
      String first = descs.last();
      assumeTrue(first.matches("brg.*:avx(2|512_core)"), "oneDNN's first choice is " + first);
      geometry.forward(layouts, w, padAfter, 0, descs);
      String instructions = first.substring(first.indexOf(':'));
      assertThat(descs.last()).isEqualTo(direct ? "jit" + instructions : first);
    }
  }
}
