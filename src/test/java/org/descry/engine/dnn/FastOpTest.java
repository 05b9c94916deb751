package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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

/** oneDNN's answers are ND4J's, and the shapes that networks have are oneDNN's business. */
@EnabledIf("org.descry.engine.dnn.Dnn#on")
class FastOpTest {
  /** Sums of up to 8192 products in another order. */
  static final double TOLERANCE = 5e-4;

  private final RandomArrays random = new RandomArrays(7);

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
        INDArray a = ta == 1 ? random.floats(k, m) : random.floats(m, k);
        INDArray b = tb == 1 ? random.floats(n, k) : random.floats(k, n);
        long[] integers = {ta, tb, 0};
        INDArray[] in = {a, b};
        assertSame("matmul", integers, new double[0], in, random.floats(m, n));
        assertSame("matmul", integers, new double[] {1, 1}, in, random.floats(m, n));
      }
    }
  }

  @Test
  void productsOfViewsWithGaps() {
    INDArray wide = random.floats(9, 40);
    INDArray a = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(8, 24));
    assertSame(
        "matmul",
        new long[] {0, 0, 0},
        new double[0],
        new INDArray[] {a, random.floats(16, 5)},
        random.floats(9, 5));
  }

  @ParameterizedTest
  @CsvSource({"512,512", "256,1024", "7,3", "1,9", "9,1"})
  void transposedMatrices(int rows, int columns) {
    INDArray x = random.floats(rows, columns);
    INDArray out = random.floats(columns, rows);
    assertSame("transpose", new long[0], new double[0], new INDArray[] {x}, out);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tanh", "sigmoid"})
  void functionsOfElements(String name) {
    INDArray x = random.floats(100, 512).muli(4);
    assertSame(name, new long[0], new double[0], new INDArray[] {x}, x);
    INDArray channelsLast = random.floats(2, 5, 7, 3).permute(0, 3, 1, 2);
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
    INDArray[] in = {
      random.floats(m, k),
      random.floats(k, n),
      random.floats(n),
      random.floats(m, n),
      random.floats(1, n)
    };
    for (double beta : new double[] {0, 1}) {
      for (String last : new String[] {"tanh", "sigmoid", "relu"}) {
        List<String> then = List.of("biasadd", last, "multiply", "add");
        double[] reals = {1, beta};
        long[] integers = {0, 0, 0};
        INDArray fast = random.floats(m, n);
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
    INDArray result = random.floats(100, 512);
    INDArray gradient = random.floats(100, 512);
    INDArray out = random.floats(100, 512);
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

  /** By itself, and on a product with a matrix of ones, which leaves what it squashes as it is. */
  @Test
  void tanhIsAccurateToTheEnds() {
    int n = 4001;
    INDArray x = Nd4j.linspace(DataType.FLOAT, -20, 40.0 / (n - 1), n).reshape(n, 1);
    x.putScalar(0, Double.NEGATIVE_INFINITY);
    x.putScalar(1, -Float.MAX_VALUE);
    x.putScalar(n / 2, 0);
    x.putScalar(n - 2, Float.MAX_VALUE);
    x.putScalar(n - 1, Double.POSITIVE_INFINITY);
    INDArray alone = x.like();
    assertThat(
            FastOp.of("tanh", new long[0], new double[0], List.of()).run(new INDArray[] {x}, alone))
        .isTrue();
    INDArray product = x.like();
    new NativeOp("matmul", 0, 0, 0)
        .then("tanh")
        .in(x, Nd4j.ones(DataType.FLOAT, 1, 1))
        .out(product)
        .run();
    for (int i = 0; i < n; i++) {
      double expected = Math.tanh(x.getDouble(i));
      assertThat(alone.getDouble(i))
          .as("tanh(%s)", x.getDouble(i))
          .isCloseTo(expected, within(2e-7));
      assertThat(product.getDouble(i)).isEqualTo(alone.getDouble(i));
    }
    assertThat(alone.getDouble(n / 2)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"add", "multiply", "subtract"})
  void functionsOfTwo(String name) {
    INDArray x = random.floats(100, 512);
    for (INDArray other :
        new INDArray[] {random.floats(100, 512), random.floats(1, 512), random.floats(100, 1)}) {
      assertSame(name, new long[0], new double[0], new INDArray[] {x, other}, x);
    }
    assertSame("biasadd", new long[0], new double[0], new INDArray[] {x, random.floats(512)}, x);
    INDArray square = random.floats(8, 8);
    for (INDArray other : new INDArray[] {random.floats(1, 8), random.floats(8, 1)}) {
      assertSame(name, new long[0], new double[0], new INDArray[] {square, other}, square);
    }
  }

  @ParameterizedTest
  @CsvSource({"100,10", "1600,1004", "1,4", "3,1"})
  void softmax(int rows, int columns) {
    INDArray x = random.floats(rows, columns).muli(30);
    assertSame("softmax", new long[] {1}, new double[0], new INDArray[] {x}, x);
  }

  @Test
  void nothingHidesNaN() {
    INDArray x = random.floats(4, 16).putScalar(0, Double.NaN);
    for (String name : new String[] {"tanh", "sigmoid", "relu"}) {
      INDArray out = random.floats(4, 16);
      new NativeOp(name).reals(0).in(x).out(out).run();
      assertThat(out.getDouble(0)).as(name).isNaN();
    }
    INDArray out = random.floats(4, 16);
    new NativeOp("softmax", 1).in(x).out(out).run();
    assertThat(out.getDouble(0)).isNaN();
    INDArray product = random.floats(4, 3);
    new NativeOp("matmul", 0, 0, 0).in(x, random.floats(16, 3)).out(product).run();
    assertThat(product.getDouble(0)).isNaN();
    for (String name : new String[] {"tanh", "sigmoid", "relu"}) {
      new NativeOp("matmul", 0, 0, 0).then(name).in(x, random.floats(16, 3)).out(product).run();
      assertThat(product.getDouble(0)).as(name).isNaN();
    }
  }

  @Test
  void otherTypesAndLayoutsAreNd4js() {
    FastOp product = FastOp.of("matmul", new long[] {0, 0, 0}, new double[0], List.of());
    INDArray exact = random.normal(3, 3);
    assertThat(product.run(new INDArray[] {exact, exact}, new INDArray[] {exact.dup()})).isFalse();
    INDArray columns = random.floats(3, 4).dup('f');
    assertThat(
            product.run(
                new INDArray[] {columns, random.floats(4, 2)},
                new INDArray[] {random.floats(3, 2)}))
        .isFalse();
    assertThat(FastOp.of("relu", new long[0], new double[] {1}, List.of())).isNull();
    assertThat(FastOp.of("matmul", new long[] {0, 0, 0}, new double[0], List.of("gelu"))).isNull();
  }
}
