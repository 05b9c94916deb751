package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The forward pass against plain loops; the way back is held by the layers' contract. */
class SoftAttentionTest {
  private static final int N = 3;
  private static final int PLACES = 5;
  private static final int CHANNELS = 4;
  private static final int WIDTH = 6;
  private static final int HIDDEN = 2;
  private static final int STEPS = 2;
  private static final double PENALTY = 0.7;

  private final RandomArrays random = new RandomArrays(8);
  private final INDArray grid = random.normal(N, PLACES, CHANNELS);
  private final INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 1}, {0, 0}});
  private final INDArray[] states = {random.normal(N, HIDDEN), random.normal(N, HIDDEN)};
  private final SoftAttention.Parameters p =
      new SoftAttention.Parameters(
          random.normal(CHANNELS, WIDTH),
          random.normal(WIDTH),
          random.normal(HIDDEN, WIDTH),
          random.normal(WIDTH, 1),
          random.normal(CHANNELS, HIDDEN));

  /** The weights of a row's places. */
  private double[] weights(int row, INDArray h) {
    double[] weights = new double[PLACES];
    double sum = 0;
    for (int l = 0; l < PLACES; l++) {
      double score = 0;
      for (int a = 0; a < WIDTH; a++) {
        double u = p.bias().getDouble(a);
        for (int d = 0; d < CHANNELS; d++) {
          u += grid.getDouble(row, l, d) * p.grid().getDouble(d, a);
        }
        for (int k = 0; k < HIDDEN; k++) {
          u += h.getDouble(row, k) * p.query().getDouble(k, a);
        }
        score += Math.tanh(u) * p.score().getDouble(a, 0);
      }
      weights[l] = Math.exp(score);
      sum += weights[l];
    }
    for (int l = 0; l < PLACES; l++) {
      weights[l] /= sum;
    }
    return weights;
  }

  private double read(int row, double[] weights, int column) {
    double sum = 0;
    for (int d = 0; d < CHANNELS; d++) {
      for (int l = 0; l < PLACES; l++) {
        sum += weights[l] * grid.getDouble(row, l, d) * p.read().getDouble(d, column);
      }
    }
    return sum;
  }

  private static INDArray as(INDArray array, DataType type) {
    return array.castTo(type).dup('c');
  }

  @Test
  void weighsReadsAndPunishesAsPlainLoopsDo() {
    for (DataType type : new DataType[] {DataType.DOUBLE, DataType.FLOAT}) {
      double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-5;
      SoftAttention attention = new SoftAttention(PENALTY);
      assertThat(attention.penalty()).isZero();
      var own =
          new SoftAttention.Parameters(
              as(p.grid(), type),
              as(p.bias(), type),
              as(p.query(), type),
              as(p.score(), type),
              as(p.read(), type));
      attention.begin(as(grid, type), own, as(mask, type), STEPS);
      double[][] sums = new double[N][PLACES];
      for (int t = 0; t < STEPS; t++) {
        INDArray a = Nd4j.ones(type, N, HIDDEN);
        attention.forward(t, as(states[t], type), a);
        for (int row = 0; row < N; row++) {
          double[] weights = weights(row, states[t]);
          for (int l = 0; l < PLACES; l++) {
            assertThat(attention.weights(t).getDouble(row, l))
                .isCloseTo(weights[l], within(tolerance));
            sums[row][l] += mask.getDouble(row, t) * weights[l];
          }
          for (int k = 0; k < HIDDEN; k++) {
            assertThat(a.getDouble(row, k))
                .isCloseTo(1 + read(row, weights, k), within(tolerance * 10));
          }
        }
      }
      attention.end();
      double penalty = 0;
      for (int row = 0; row < N - 1; row++) { // nothing is kept of the last
        for (double sum : sums[row]) {
          penalty += PENALTY * (1 - sum) * (1 - sum);
        }
      }
      assertThat(attention.penalty()).isCloseTo(penalty, within(tolerance * 10));
    }
  }

  @Test
  void whatDoesNotFitIsASentence() {
    SoftAttention attention = new SoftAttention(0);
    assertThatThrownBy(() -> attention.begin(random.normal(N, PLACES, 3), p, null, 1))
        .hasMessage("SoftAttention: expected the grid of shape [*, *, 4], got [3, 5, 3]");
    assertThatThrownBy(() -> new SoftAttention(-1))
        .hasMessage("SoftAttention: expected a penalty of at least 0, got -1.0");
  }
}
