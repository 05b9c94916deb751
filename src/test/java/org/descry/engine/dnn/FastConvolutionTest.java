package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;

import org.descry.engine.NativeOp;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** oneDNN's convolutions and poolings, alone and with what follows. */
@EnabledIf("org.descry.engine.dnn.Dnn#on")
class FastConvolutionTest {
  private static final double TOLERANCE = FastOpTest.TOLERANCE;

  private final RandomArrays random = new RandomArrays(7);

  @Test
  void nothingHidesNaN() {
    INDArray image = random.floats(1, 8, 8, 3).permute(0, 3, 1, 2);
    INDArray w = random.floats(16, 3, 3, 3).putScalar(0, Double.NaN);
    INDArray convolved = random.floats(1, 6, 6, 16).permute(0, 3, 1, 2);
    Convolution convolution = convolution(3, 0, "relu");
    assertThat(convolution.forward(image, w, random.floats(16), convolved)).isTrue();
    assertThat(convolved.getDouble(0, 0, 0, 0)).isNaN();
  }

  @ParameterizedTest
  @CsvSource({"3,32,7,3,32", "32,32,3,1,32", "32,64,3,1,16", "3,16,3,1,48", "64,128,3,1,8"})
  void convolutions(int channels, int filters, int size, int pad, int side) {
    INDArray x = random.floats(4, side, side, channels).permute(0, 3, 1, 2);
    INDArray w = random.floats(filters, channels, size, size);
    INDArray b = random.floats(filters);
    int out = side + 2 * pad - size + 1;
    INDArray y = random.floats(4, out, out, filters).permute(0, 3, 1, 2);
    Convolution convolution = convolution(size, pad, null);
    assertThat(convolution.forward(x, w, b, y)).isTrue();
    INDArray dX = Nd4j.createUninitialized(DataType.FLOAT, 4, side, side, channels);
    INDArray dW = w.dup('c');
    assertThat(convolution.backward(x, w, y, dW, b.dup('c'), null)).isTrue();
    assertThat(convolution.backward(x, w, y, dW, b.dup('c'), dX.permute(0, 3, 1, 2))).isTrue();
  }

  private static Convolution convolution(int size, int pad, String function) {
    return new Convolution(
        new Geometry(new long[] {size, size}, new long[] {1, 1}, new long[] {pad, pad}), function);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid", "relu"})
  void convolutionsAndWhatFollows(String function) {
    INDArray x = random.floats(2, 9, 9, 3).permute(0, 3, 1, 2);
    INDArray w = random.floats(16, 3, 3, 3);
    INDArray b = random.floats(16);
    INDArray alone = random.floats(2, 9, 9, 16).permute(0, 3, 1, 2);
    INDArray both = random.floats(2, 9, 9, 16).permute(0, 3, 1, 2);
    assertThat(convolution(3, 1, null).forward(x, w, b, alone)).isTrue();
    assertThat(convolution(3, 1, function).forward(x, w, b, both)).isTrue();
    new NativeOp(function).reals(0).in(alone).out(alone).run();
    assertThat(Vectors.relativeError(both, alone, 1)).isLessThan(TOLERANCE);
  }

  /** In one call and in two. */
  @ParameterizedTest
  @CsvSource({"3,32,7,3", "3,24,3,1", "4,16,5,0"})
  void gradientsOfPooledConvolutions(int channels, int filters, int size, int pad) {
    Geometry geometry =
        new Geometry(new long[] {size, size}, new long[] {1, 1}, new long[] {pad, pad});
    MaxPooling pooling = new MaxPooling(new long[] {2, 2}, new long[] {2, 2});
    INDArray x = random.floats(3, 12, 12, channels).permute(0, 3, 1, 2);
    int side = 12 + 2 * pad - size + 1;
    INDArray convolved = random.floats(3, side, side, filters);
    INDArray pooled = random.floats(3, side / 2, side / 2, filters);
    INDArray places = Nd4j.createUninitialized(DataType.BYTE, pooling.places(convolved, pooled));
    pooling.forward(convolved, pooled, places);
    INDArray gradient = random.floats(3, side / 2, side / 2, filters);
    INDArray spread = convolved.like();
    pooling.backward(gradient, places, spread);
    INDArray dW = random.floats(filters, channels, size, size);
    INDArray db = random.floats(filters);
    INDArray sameW = dW.like();
    INDArray sameB = db.like();
    assertThat(
            new Convolution(geometry, null)
                .backward(x, dW.dup('c'), spread.permute(0, 3, 1, 2), dW, db, null))
        .isTrue();
    assertThat(
            new PooledGradient(geometry, pooling).run(x, convolved, gradient, places, sameW, sameB))
        .isTrue();
    assertThat(Vectors.relativeError(sameW, dW, 1)).isLessThan(TOLERANCE);
    assertThat(Vectors.relativeError(sameB, db, 1)).isLessThan(TOLERANCE);
  }

  @Test
  void poolingAlikeWithAndWithoutAWayBack() {
    MaxPooling pooling = new MaxPooling(new long[] {2, 2}, new long[] {2, 2});
    INDArray x = random.floats(3, 8, 8, 32);
    INDArray out = random.floats(3, 4, 4, 32);
    INDArray other = random.floats(3, 4, 4, 32);
    pooling.forward(x, out, Nd4j.createUninitialized(DataType.BYTE, pooling.places(x, out)));
    pooling.forward(x, other, null);
    assertThat(other).isEqualTo(out);
  }

  @Test
  void poolingGivesTheFirstOfSeveralMaximaTheGradient() {
    MaxPooling pooling = new MaxPooling(new long[] {2, 2}, new long[] {1, 1});
    INDArray x = Nd4j.ones(DataType.FLOAT, 1, 3, 3, 16);
    INDArray out = Nd4j.create(DataType.FLOAT, 1, 2, 2, 16);
    long bytes = pooling.places(x, out);
    assertThat(bytes).isPositive();
    INDArray places = Nd4j.createUninitialized(DataType.BYTE, bytes);
    pooling.forward(x, out, places);
    INDArray dX = Nd4j.create(DataType.FLOAT, 1, 3, 3, 16);
    pooling.backward(out, places, dX);
    assertThat(
            dX.get(
                    NDArrayIndex.point(0),
                    NDArrayIndex.all(),
                    NDArrayIndex.all(),
                    NDArrayIndex.point(0))
                .toDoubleMatrix())
        .isDeepEqualTo(new double[][] {{1, 1, 0}, {1, 1, 0}, {0, 0, 0}});
  }
}
