package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.descry.engine.Allocator;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The fine print of the temporal loss: what it divides by, masks, extreme scores, wrong words. */
class TemporalSoftmaxLossTest {
  private static final int N = 3;
  private static final int STEPS = 4;
  private static final int WORDS = 5;

  private final RandomArrays random = new RandomArrays(41);
  private final TemporalSoftmaxLoss kernel = new TemporalSoftmaxLoss();

  @Test
  void sumsOverTimeAndDividesByTheExamples() {
    INDArray scores = Nd4j.zeros(DataType.DOUBLE, N, STEPS, WORDS);
    INDArray words = random.integers(WORDS, N, STEPS);
    double perStep = Math.log(WORDS);
    assertThat(kernel.forward(scores, words, null).loss())
        .isCloseTo(STEPS * perStep, within(1e-12));
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, N, STEPS);
    mask.putScalar(1, 2, 1);
    assertThat(kernel.forward(scores, words, mask).loss()).isCloseTo(perStep / N, within(1e-12));
    mask.assign(0);
    assertThat(kernel.forward(scores, words, mask).loss()).isZero();
  }

  @Test
  void theMaskedGradientIsExactlyZero() {
    INDArray mask = random.raggedMask(N, STEPS);
    mask.putRow(0, Nd4j.createFromArray(1.0, 0, 0, 0));
    var cache =
        kernel.forward(
            random.normal(N, STEPS, WORDS).muli(30), random.integers(WORDS, N, STEPS), mask);
    INDArray dX = kernel.backward(cache, 1.0 / N, Allocator.DETACHED);
    for (int n = 0; n < N; n++) {
      for (int t = 0; t < STEPS; t++) {
        for (int v = 0; v < WORDS && mask.getDouble(n, t) == 0; v++) {
          assertThat(dX.getDouble(n, t, v)).isZero();
        }
      }
    }
  }

  @Test
  void probabilitiesThatUnderflowGiveFiniteLosses() {
    for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray scores = Nd4j.createFromArray(2000.0, 0, -2000).castTo(type).reshape(1, 1, 3);
      assertThat(loss(scores, 0)).isZero();
      assertThat(loss(scores, 1)).isCloseTo(2000, within(1e-3));
      assertThat(loss(scores, 2)).isCloseTo(4000, within(1e-3));
    }
  }

  private double loss(INDArray scores, int word) {
    INDArray words = Nd4j.createFromArray((double) word).reshape(1, 1);
    return kernel.forward(scores, words, null).loss();
  }

  @Test
  void aWordOutOfRangeIsNamed() {
    INDArray scores = random.normal(N, STEPS, WORDS);
    INDArray words = random.integers(WORDS, N, STEPS);
    words.putScalar(1, 1, WORDS);
    assertThatThrownBy(() -> kernel.forward(scores, words, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TemporalSoftmaxLoss: expected labels from 0 to 4, got 5");
    words.putScalar(1, 1, -1);
    assertThatThrownBy(() -> kernel.forward(scores, words, null)).hasMessageContaining("got -1");
  }

  @Test
  void aMaskOfAnotherShapeIsNamed() {
    INDArray scores = random.normal(N, STEPS, WORDS);
    INDArray words = random.integers(WORDS, N, STEPS);
    assertThatThrownBy(() -> kernel.forward(scores, words, random.mask(N, 1)))
        .hasMessage("TemporalSoftmaxLoss: expected mask of shape [3, 4], got [3, 1]");
  }

  @Test
  void theOutputIsTheProbabilities() {
    INDArray out = kernel.output(random.normal(N, STEPS, WORDS), Allocator.DETACHED);
    assertThat(out.shape()).containsExactly(N, STEPS, WORDS);
    INDArray sums = out.sum(2);
    for (int i = 0; i < sums.length(); i++) {
      assertThat(sums.getDouble(i)).isCloseTo(1, within(1e-12));
    }
  }
}
