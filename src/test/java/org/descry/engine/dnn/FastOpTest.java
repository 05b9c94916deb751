package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.descry.engine.NativeOp;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** oneDNN's answers are ND4J's, and the shapes that networks have are oneDNN's business. */
class FastOpTest {
  /** Sums of up to 8192 products in another order. */
  private static final double TOLERANCE = 5e-4;

  private final RandomArrays random = new RandomArrays(7);

  @BeforeEach
  void needsTheLibrary() {
    assumeTrue(Dnn.on(), "oneDNN " + Dnn.state());
  }

  private INDArray floats(long... shape) {
    return random.normal(shape).castTo(DataType.FLOAT);
  }

  /** Runs the operation on both paths, the fast one without falling back. */
  private static void assertSame(
      String name, long[] integers, double[] reals, INDArray[] in, INDArray out) {
    INDArray fast = out.dup('c');
    INDArray slow = out.dup('c');
    assertThat(FastOp.of(name, integers, reals, List.of()).run(in, new INDArray[] {fast})).isTrue();
    boolean before = Dnn.set(false);
    try {
      new NativeOp(name, integers).reals(reals).in(in).out(slow).run();
    } finally {
      Dnn.set(before);
    }
    assertThat(Vectors.relativeError(fast, slow, 1)).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({
    "100,8192,100",
    "100,100,10",
    "1,512,512",
    "25,512,1004",
    "1600,256,512",
    "7,3,1",
    "1,1,1"
  })
  void products(int m, int k, int n) {
    for (int ta = 0; ta <= 1; ta++) {
      for (int tb = 0; tb <= 1; tb++) {
        INDArray a = ta == 1 ? floats(k, m) : floats(m, k);
        INDArray b = tb == 1 ? floats(n, k) : floats(k, n);
        long[] integers = {ta, tb, 0};
        INDArray[] in = {a, b};
        assertSame("matmul", integers, new double[0], in, floats(m, n));
        assertSame("matmul", integers, new double[] {1, 1}, in, floats(m, n));
      }
    }
  }

  @Test
  void productsOfViewsWithGaps() {
    INDArray wide = floats(9, 40);
    INDArray a = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(8, 24));
    assertSame(
        "matmul",
        new long[] {0, 0, 0},
        new double[0],
        new INDArray[] {a, floats(16, 5)},
        floats(9, 5));
  }

  @ParameterizedTest
  @CsvSource({"512,512", "256,1024", "7,3", "1,9", "9,1"})
  void transposedMatrices(int rows, int columns) {
    INDArray x = floats(rows, columns);
    INDArray out = floats(columns, rows);
    assertSame("transpose", new long[0], new double[0], new INDArray[] {x}, out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid"})
  void functionsOfElements(String name) {
    INDArray x = floats(100, 512).muli(4);
    assertSame(name, new long[0], new double[0], new INDArray[] {x}, x);
    INDArray channelsLast = floats(2, 5, 7, 3).permute(0, 3, 1, 2);
    INDArray fast = channelsLast.dup('c');
    new NativeOp(name).in(channelsLast).out(fast).run();
    INDArray flat = channelsLast.dup('c');
    new NativeOp(name).in(flat).out(flat).run();
    assertThat(Vectors.relativeError(fast, flat, 1)).isLessThan(TOLERANCE);
  }

  /** A product with all that may follow, in one call and in many. */
  @ParameterizedTest
  @CsvSource({"100,512,64", "25,33,7", "1,8,1000", "3,1,1"})
  void productsAndWhatFollows(int m, int k, int n) {
    INDArray[] in = {floats(m, k), floats(k, n), floats(n), floats(m, n), floats(1, n)};
    for (double beta : new double[] {0, 1}) {
      for (String last : new String[] {"tanh", "sigmoid", "relu"}) {
        List<String> then = List.of("biasadd", last, "multiply", "add");
        double[] reals = {1, beta};
        long[] integers = {0, 0, 0};
        INDArray fast = floats(m, n);
        INDArray slow = fast.dup('c');
        assertThat(FastOp.of("matmul", integers, reals, then).run(in, fast)).isTrue();
        boolean before = Dnn.set(false);
        try {
          NativeOp op = new NativeOp("matmul", integers).reals(reals);
          then.forEach(op::then);
          op.in(in).out(slow).run();
        } finally {
          Dnn.set(before);
        }
        assertThat(Vectors.relativeError(fast, slow, 1)).as(last).isLessThan(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid", "relu"})
  void gradientsOfFunctionsFromTheirResults(String name) {
    INDArray result = floats(100, 512);
    INDArray gradient = floats(100, 512);
    INDArray out = floats(100, 512);
    assertThat(FastOp.gradientOf(name).run(new INDArray[] {result, gradient}, out)).isTrue();
    for (int i = 0; i < 500; i++) {
      double r = result.getDouble(i);
      double derivative =
          switch (name) {
            case "tanh" -> 1 - r * r;
            case "sigmoid" -> r * (1 - r);
            default -> r > 0 ? 1 : 0;
          };
      assertThat(out.getDouble(i)).isCloseTo(derivative * gradient.getDouble(i), within(1e-5));
    }
  }

  @Test
  void theRectifierIsExact() {
    float[] x = {-1e30f, -3, -1e-30f, -0f, 0, 1e-30f, 0.1f, 7, 1e30f, Float.MAX_VALUE};
    INDArray out = Nd4j.create(DataType.FLOAT, x.length);
    FastOp relu = FastOp.of("relu", new long[0], new double[] {0}, List.of());
    assertThat(relu.run(new INDArray[] {Nd4j.createFromArray(x)}, out)).isTrue();
    for (int i = 0; i < x.length; i++) {
      assertThat(out.getFloat(i)).isEqualTo(Math.max(x[i], 0));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "multiply", "subtract"})
  void functionsOfTwo(String name) {
    INDArray x = floats(100, 512);
    for (INDArray other : new INDArray[] {floats(100, 512), floats(1, 512), floats(100, 1)}) {
      assertSame(name, new long[0], new double[0], new INDArray[] {x, other}, x);
    }
    assertSame("biasadd", new long[0], new double[0], new INDArray[] {x, floats(512)}, x);
    INDArray square = floats(8, 8);
    for (INDArray other : new INDArray[] {floats(1, 8), floats(8, 1)}) {
      assertSame(name, new long[0], new double[0], new INDArray[] {square, other}, square);
    }
  }

  @ParameterizedTest
  @CsvSource({"100,10", "1600,1004", "1,4", "3,1"})
  void softmax(int rows, int columns) {
    INDArray x = floats(rows, columns).muli(30);
    assertSame("softmax", new long[] {1}, new double[0], new INDArray[] {x}, x);
  }

  @Test
  void nothingHidesNaN() {
    INDArray x = floats(4, 16).putScalar(0, Double.NaN);
    for (String name : new String[] {"tanh", "sigmoid", "relu"}) {
      INDArray out = floats(4, 16);
      new NativeOp(name).reals(0).in(x).out(out).run();
      assertThat(out.getDouble(0)).as(name).isNaN();
    }
    INDArray out = floats(4, 16);
    new NativeOp("softmax", 1).in(x).out(out).run();
    assertThat(out.getDouble(0)).isNaN();
    INDArray product = floats(4, 3);
    new NativeOp("matmul", 0, 0, 0).in(x, floats(16, 3)).out(product).run();
    assertThat(product.getDouble(0)).isNaN();
    new NativeOp("matmul", 0, 0, 0).then("relu").in(x, floats(16, 3)).out(product).run();
    assertThat(product.getDouble(0)).isNaN();
    INDArray image = floats(1, 8, 8, 3).permute(0, 3, 1, 2);
    INDArray w = floats(16, 3, 3, 3).putScalar(0, Double.NaN);
    INDArray convolved = floats(1, 6, 6, 16).permute(0, 3, 1, 2);
    Convolution convolution = convolution(3, 0, "relu");
    assertThat(convolution.forward(image, w, floats(16), convolved)).isTrue();
    assertThat(convolved.getDouble(0, 0, 0, 0)).isNaN();
  }

  @Test
  void otherTypesAndLayoutsAreNd4js() {
    FastOp product = FastOp.of("matmul", new long[] {0, 0, 0}, new double[0], List.of());
    INDArray exact = random.normal(3, 3);
    assertThat(product.run(new INDArray[] {exact, exact}, new INDArray[] {exact.dup()})).isFalse();
    INDArray columns = floats(3, 4).dup('f');
    assertThat(product.run(new INDArray[] {columns, floats(4, 2)}, new INDArray[] {floats(3, 2)}))
        .isFalse();
    assertThat(FastOp.of("relu", new long[0], new double[] {1}, List.of())).isNull();
    assertThat(FastOp.of("matmul", new long[] {0, 0, 0}, new double[0], List.of("gelu"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"3,32,7,3,32", "32,32,3,1,32", "32,64,3,1,16", "3,16,3,1,48", "64,128,3,1,8"})
  void convolutions(int channels, int filters, int size, int pad, int side) {
    INDArray x = floats(4, side, side, channels).permute(0, 3, 1, 2);
    INDArray w = floats(filters, channels, size, size);
    INDArray b = floats(filters);
    int out = side + 2 * pad - size + 1;
    INDArray y = floats(4, out, out, filters).permute(0, 3, 1, 2);
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
    INDArray x = floats(2, 9, 9, 3).permute(0, 3, 1, 2);
    INDArray w = floats(16, 3, 3, 3);
    INDArray b = floats(16);
    INDArray alone = floats(2, 9, 9, 16).permute(0, 3, 1, 2);
    INDArray both = floats(2, 9, 9, 16).permute(0, 3, 1, 2);
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
    INDArray x = floats(3, 12, 12, channels).permute(0, 3, 1, 2);
    int side = 12 + 2 * pad - size + 1;
    INDArray convolved = floats(3, side, side, filters);
    INDArray pooled = floats(3, side / 2, side / 2, filters);
    INDArray places = Nd4j.createUninitialized(DataType.BYTE, pooling.places(convolved, pooled));
    pooling.forward(convolved, pooled, places);
    INDArray gradient = floats(3, side / 2, side / 2, filters);
    INDArray spread = convolved.like();
    pooling.backward(gradient, places, spread);
    INDArray dW = floats(filters, channels, size, size);
    INDArray db = floats(filters);
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
    INDArray x = floats(3, 8, 8, 32);
    INDArray out = floats(3, 4, 4, 32);
    INDArray other = floats(3, 4, 4, 32);
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
