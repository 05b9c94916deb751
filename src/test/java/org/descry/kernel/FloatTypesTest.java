package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.descry.engine.Allocator.DETACHED;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.descry.engine.dnn.Dnn;
import org.descry.testing.KernelShapes;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every kernel answers in float32 is what it answers in float64, rounded. */
class FloatTypesTest {
  private static final double TOLERANCE = 2e-4;

  /** Runs a kernel forward and backward on arrays that the operator has converted. */
  private interface Run {
    List<INDArray> of(UnaryOperator<INDArray> type);
  }

  /** In float32 both ways: oneDNN called directly, and ND4J's operations. */
  private static void assertBothTypes(Run run) {
    List<INDArray> exact = run.of(array -> array);
    boolean before = Dnn.on();
    for (boolean direct : new boolean[] {before, false}) {
      Dnn.set(direct);
      try {
        assertSame(run.of(array -> array.castTo(DataType.FLOAT)), exact);
      } finally {
        Dnn.set(before);
      }
    }
  }

  private static void assertSame(List<INDArray> single, List<INDArray> exact) {
    for (int i = 0; i < exact.size(); i++) {
      assertThat(single.get(i).dataType()).isEqualTo(DataType.FLOAT);
      assertThat(Vectors.relativeError(single.get(i), exact.get(i), 1)).isLessThan(TOLERANCE);
    }
  }

  private static INDArray like(INDArray array) {
    return Nd4j.create(array.dataType(), array.shape()).assign(Double.NaN);
  }

  @Property(tries = 20)
  void affineAndRelu(@ForAll KernelShapes.Affine s, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray x = random.normal(s.n(), s.d());
    INDArray w = random.normal(s.d(), s.m());
    INDArray b = random.normal(s.m());
    INDArray dOut = random.normal(s.n(), s.m());
    assertBothTypes(
        type -> {
          Affine affine = new Affine();
          var cache = affine.forward(type.apply(x), type.apply(w), type.apply(b), DETACHED);
          INDArray dW = like(type.apply(w));
          INDArray db = like(type.apply(b));
          INDArray dX = affine.backward(type.apply(dOut), cache, dW, db, DETACHED);
          return List.of(
              cache.out(), dX, dW, db, new Relu().forward(type.apply(x), DETACHED).out());
        });
  }

  @Property(tries = 20)
  void convReluPool(@ForAll KernelShapes.Conv s, @ForAll boolean inputGradient, @ForAll long seed) {
    if (s.outHeight() < 2 || s.outWidth() < 2) {
      return;
    }
    RandomArrays random = new RandomArrays(seed);
    // Apart enough that float32 cannot choose another maximum, or another side of the rectifier.
    INDArray x = random.integers(9, s.n(), s.c(), s.h(), s.w()).subi(4);
    INDArray w = random.integers(9, s.f(), s.c(), s.hh(), s.ww()).subi(4);
    INDArray b = random.integers(9, s.f()).subi(4);
    INDArray dOut = random.normal(s.n(), s.f(), s.outHeight() / 2, s.outWidth() / 2);
    Window window = new Window(s.hh(), s.ww(), s.stride(), s.stride(), s.pad(), s.pad());
    assertBothTypes(
        type -> {
          ConvReluPool kernel = new ConvReluPool(window, Window.tiling(2));
          var cache = kernel.forward(type.apply(x), type.apply(w), type.apply(b), DETACHED);
          INDArray dW = like(type.apply(w));
          INDArray db = like(type.apply(b));
          INDArray dX =
              kernel.backward(type.apply(dOut), cache, dW, db, inputGradient ? DETACHED : null);
          List<INDArray> results = new ArrayList<>(List.of(cache.out(), dW, db));
          if (inputGradient) {
            results.add(dX);
          }
          return results;
        });
  }

  @Property(tries = 20)
  void losses(@ForAll KernelShapes.Affine s, @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    INDArray scores = random.distinct(s.n(), s.m());
    INDArray labels = random.oneHot(s.n(), s.m());
    INDArray mask = random.mask(s.n(), 1);
    for (LossKernel kernel : new LossKernel[] {new SoftmaxLoss(), new SvmLoss()}) {
      assertBothTypes(
          type -> {
            var cache = kernel.forward(type.apply(scores), type.apply(labels), type.apply(mask));
            INDArray losses = cache.losses().dup();
            return List.of(losses, kernel.backward(cache, 1, DETACHED));
          });
    }
  }

  @Property(tries = 20)
  void sequence(
      @ForAll KernelShapes.Rnn s,
      @ForAll @IntRange(min = 1, max = 2) int layers,
      @ForAll boolean bidirectional,
      @ForAll long seed) {
    RandomArrays random = new RandomArrays(seed);
    int directions = bidirectional ? 2 : 1;
    List<INDArray> weights = new ArrayList<>();
    for (int i = 0; i < layers * directions; i++) {
      weights.add(random.normal(i < directions ? s.d() : (long) directions * s.h(), s.h()));
      weights.add(random.normal(s.h(), s.h()));
      weights.add(random.normal(s.h()));
    }
    INDArray table = random.normal(5, s.d());
    INDArray words = random.integers(5, s.n(), s.steps());
    INDArray mask = random.raggedMask(s.n(), s.steps());
    INDArray scoreWeights = random.normal((long) directions * s.h(), 5);
    INDArray scoreBias = random.normal(5);
    assertBothTypes(
        type -> {
          List<StackedRnn.Parameters> cells = new ArrayList<>();
          for (int i = 0; i < weights.size(); i += 3) {
            cells.add(
                new StackedRnn.Parameters(
                    type.apply(weights.get(i)),
                    type.apply(weights.get(i + 1)),
                    type.apply(weights.get(i + 2))));
          }
          WordEmbedding embedding = new WordEmbedding();
          StackedRnn rnn = new StackedRnn(RnnCell.VANILLA, layers, bidirectional, 0);
          TemporalAffine affine = new TemporalAffine();
          TemporalSoftmaxLoss loss = new TemporalSoftmaxLoss();
          var embedded = embedding.forward(words, type.apply(table), DETACHED);
          var states = rnn.forward(embedded.out(), null, cells, type.apply(mask), DETACHED);
          INDArray w = type.apply(scoreWeights);
          INDArray b = type.apply(scoreBias);
          var scores = affine.forward(states.out(), w, b, DETACHED);
          var losses = loss.forward(scores.out(), words, type.apply(mask));
          INDArray dScores = loss.backward(losses, 1, DETACHED);
          List<INDArray> results = new ArrayList<>(List.of(losses.losses(), like(w), like(b)));
          INDArray dStates =
              affine.backward(dScores, scores, results.get(1), results.get(2), DETACHED);
          List<StackedRnn.Parameters> gradients =
              cells.stream()
                  .map(c -> new StackedRnn.Parameters(like(c.wX()), like(c.wH()), like(c.b())))
                  .toList();
          var flow = rnn.backward(dStates, states, gradients, DETACHED, null);
          gradients.forEach(g -> results.addAll(List.of(g.wX(), g.wH(), g.b())));
          INDArray dTable = like(type.apply(table));
          embedding.backward(flow.dX(), embedded, dTable);
          results.add(dTable);
          return results;
        });
  }
}
