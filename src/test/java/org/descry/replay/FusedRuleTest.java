package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.descry.engine.Engine;
import org.descry.engine.dnn.Dnn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.NesterovsUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** The fused rules against ND4J's operations one by one, to the bit. */
class FusedRuleTest {
  private static final int LENGTH = 40_003; // enough for several threads, and no multiple of 16
  private static final int UPDATES = 100;

  @BeforeEach
  void needsTheLibrary() {
    assumeTrue(Dnn.on(), "oneDNN " + Dnn.state());
    String binary = Engine.start().binary();
    assumeTrue(binary.contains("avx"), binary + " rounds products before it adds them");
  }

  static Stream<IUpdater> rules() {
    IUpdater scheduled = new Adam();
    scheduled.setLrAndSchedule(
        Double.NaN, new ExponentialSchedule(ScheduleType.ITERATION, 0.02, 0.99));
    return Stream.of(
        new Sgd(0.1), new RmsProp(0.01, 0.95, 1e-8), new Adam(1e-3, 0.9, 0.999, 1e-8), scheduled);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void givesTheBitsOfTheOperations(IUpdater config) {
    Random random = new Random(7);
    INDArray params = normal(random);
    INDArray expected = params.dup();
    long states = config.stateSize(LENGTH);
    INDArray state = states == 0 ? null : Nd4j.zeros(DataType.FLOAT, 1, states);
    INDArray expectedState = states == 0 ? null : state.dup();
    INDArray gradient = Nd4j.zeros(DataType.FLOAT, 1, LENGTH);
    INDArray step = gradient.dup();
    FusedRule.Number examples = FusedRule.Number.of(25);

    FusedRule fused = FusedRule.of(config.instantiate(state, false), gradient, examples, params);
    assertThat(fused).isNotNull();
    Rule plain = Rule.of(config.instantiate(expectedState, false), step);
    for (int i = 0; i < UPDATES; i++) {
      gradient.assign(normal(random));
      step.assign(gradient).divi(25);
      fused.apply(i, 0);
      plain.apply(i, 0);
      expected.subi(step);
    }
    assertThat(params.toFloatVector()).isEqualTo(expected.toFloatVector());
    if (states > 0) {
      assertThat(state.toFloatVector()).isEqualTo(expectedState.toFloatVector());
    }
  }

  /** Of weights that decay apart from the gradient. */
  @Test
  void leavesAdamsStepInTheGradientsPlace() {
    Random random = new Random(8);
    INDArray state = Nd4j.zeros(DataType.FLOAT, 1, 2 * LENGTH);
    INDArray gradient = normal(random);
    INDArray step = gradient.dup();
    Adam adam = new Adam(0.01);
    Rule plain = Rule.of(adam.instantiate(state.dup(), false), step);
    FusedRule.Number one = FusedRule.Number.of(1);
    FusedRule fused = FusedRule.of(adam.instantiate(state, false), gradient, one, null);
    assertThat(fused).isNotNull();
    fused.apply(0, 0);
    plain.apply(0, 0);
    assertThat(gradient.toFloatVector()).isEqualTo(step.toFloatVector());
  }

  /** What has a rule of its own, or a precision of its own, keeps it. */
  @Test
  void othersAreNotFused() {
    FusedRule.Number one = FusedRule.Number.of(1);
    INDArray floats = Nd4j.zeros(DataType.FLOAT, 1, 8);
    INDArray doubles = floats.castTo(DataType.DOUBLE);
    Adam adam = new Adam(0.01);

    AdamUpdater own = new AdamUpdater(adam) {};
    own.setStateViewArray(Nd4j.zeros(DataType.FLOAT, 1, 16), new long[] {1, 8}, 'c', true);
    assertThat(FusedRule.of(own, floats, one, floats.dup())).isNull();
    assertThat(Rule.of(own, floats)).isNull();

    INDArray state = Nd4j.zeros(DataType.DOUBLE, 1, 16);
    assertThat(FusedRule.of(adam.instantiate(state, true), doubles, one, doubles.dup())).isNull();
    assertThat(Rule.of(adam.instantiate(state, true), doubles)).isNotNull();

    NesterovsUpdater nesterovs = new NesterovsUpdater(new Nesterovs(0.1, 0.9));
    nesterovs.setStateViewArray(floats.dup(), new long[] {1, 8}, 'c', true);
    assertThat(FusedRule.of(nesterovs, floats, one, floats.dup())).isNull();
    assertThat(Rule.of(nesterovs, floats)).isNotNull();
  }

  private static INDArray normal(Random random) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(1, LENGTH);
  }
}
