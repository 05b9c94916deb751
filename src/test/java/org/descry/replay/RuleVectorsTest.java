package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.descry.testing.Vectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.NesterovsUpdater;
import org.nd4j.linalg.learning.RmsPropUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;

/** The rules, fused and one by one, against published steps. */
class RuleVectorsTest {
  /** What the vectors' source asks for; its float32 states are good for no more. */
  private static final double TOLERANCE = 1e-7;

  private static final double TOLERANCE_FLOAT32 = 2e-6;

  private enum Way {
    FUSED(DataType.FLOAT),
    FLOAT32(DataType.FLOAT),
    FLOAT64(DataType.DOUBLE);

    private final DataType type;

    Way(DataType type) {
      this.type = type;
    }
  }

  private static INDArray row(INDArray array, Way way) {
    return array.castTo(way.type).reshape(1, array.length());
  }

  /** The parameters after one step; where oneDNN is off the fused way is the other one. */
  private static INDArray step(GradientUpdater<?> updater, Vectors of, int iteration, Way way) {
    INDArray params = row(of.input("w"), way);
    INDArray gradient = row(of.input("dw"), way);
    FusedRule fused =
        way == Way.FUSED ? FusedRule.of(updater, gradient, FusedRule.Number.of(1), params) : null;
    if (fused != null) {
      fused.apply(iteration, 0);
      return params;
    }
    Rule.of(updater, gradient).apply(iteration, 0);
    return params.subi(gradient);
  }

  private static void assertClose(INDArray actual, INDArray expected, Way way) {
    double bound = way.type == DataType.DOUBLE ? TOLERANCE : TOLERANCE_FLOAT32;
    INDArray flat = actual.castTo(DataType.DOUBLE).reshape(expected.length());
    assertThat(Vectors.relativeError(flat, expected.reshape(expected.length()))).isLessThan(bound);
  }

  @ParameterizedTest
  @EnumSource
  void adam(Way way) {
    Vectors of = Vectors.load("adam");
    AdamUpdater updater = new AdamUpdater(new Adam(of.param("learning_rate"), 0.9, 0.999, 1e-8));
    INDArray state =
        Nd4j.concat(1, row(of.input("m"), way), row(of.input("v"), way)).reshape(1, -1);
    updater.setStateViewArray(state, new long[] {1, state.length() / 2}, 'c', false);
    INDArray params = step(updater, of, (int) of.param("t_in"), way);
    assertClose(params, of.recomputed("next_w"), way);
    assertClose(updater.getM(), of.recomputed("m"), way);
    assertClose(updater.getV(), of.recomputed("v"), way);
  }

  @ParameterizedTest
  @EnumSource
  void rmsProp(Way way) {
    Vectors of = Vectors.load("rmsprop");
    double rate = of.param("learning_rate");
    RmsPropUpdater updater =
        new RmsPropUpdater(new RmsProp(rate, of.param("decay_rate"), of.param("epsilon")));
    INDArray state = row(of.input("cache"), way);
    updater.setStateViewArray(state, state.shape(), 'c', false);
    assertClose(step(updater, of, 0, way), of.recomputed("next_w"), way);
    assertClose(state, of.recomputed("cache"), way);
  }

  /** Plain momentum is where Nesterov's velocity is; its step looks one further ahead. */
  @ParameterizedTest
  @EnumSource
  void nesterov(Way way) {
    Vectors of = Vectors.load("sgd_momentum");
    double rate = of.param("learning_rate");
    double momentum = of.param("momentum");
    NesterovsUpdater updater = new NesterovsUpdater(new Nesterovs(rate, momentum));
    INDArray state = row(of.input("velocity"), way);
    INDArray before = state.dup();
    updater.setStateViewArray(state, state.shape(), 'c', false);
    INDArray params = step(updater, of, 0, way);
    INDArray velocity = of.recomputed("velocity");
    assertClose(state, velocity, way);
    INDArray v = row(velocity, Way.FLOAT64);
    INDArray expected =
        row(of.input("w"), Way.FLOAT64)
            .addi(v.mul(1 + momentum))
            .subi(before.castTo(DataType.DOUBLE).mul(momentum));
    assertClose(params, expected, way);
  }
}
