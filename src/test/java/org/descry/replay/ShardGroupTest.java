package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.descry.replay.RecordedStepTest.bits;
import static org.descry.replay.RecordedStepTest.network;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.dnn.Precision;
import org.descry.kernel.Activation;
import org.descry.model.Loss;
import org.descry.model.NetworkSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Batches in more shards than two, in one process or in those of a group. */
class ShardGroupTest {
  @BeforeEach
  void direct() {
    assumeTrue(Dnn.on(), "oneDNN is " + Dnn.state());
  }

  /** Those that batches are fed to from outside alone. */
  static Stream<RecordedStepTest.Case> divided() {
    return RecordedStepTest.cases().filter(of -> of.state() == 0);
  }

  private static MultiDataSet batch(RecordedStepTest.Case of, int step) {
    return of.batch().of(step == 2 ? 10 : step == 3 ? 2 : 14, new Random(step), Nd4j.zeros(14, 1));
  }

  /**
   * The same in one process, or in as many as there are shards; one step has fewer examples than
   * that.
   */
  @ParameterizedTest
  @MethodSource("divided")
  void aGroupOfProcessesLeavesTheBitsOfOne(RecordedStepTest.Case of) throws Exception {
    for (Division division :
        List.of(new Division(3, true), new Division(3, false), new Division(3, true, true))) {
      ComputationGraph alone = network(of);
      List<Double> scores = train(alone, of, division, null);
      List<ComputationGraph> each =
          ProcessGroup.run(
              3,
              rank -> {
                ComputationGraph network = network(of);
                assertThat(train(network, of, division, Group.current())).isEqualTo(scores);
                return network;
              });
      assertThat(each)
          .allSatisfy(one -> assertThat(bits(one.params())).isEqualTo(bits(alone.params())));
    }
  }

  private static List<Double> train(
      ComputationGraph network, RecordedStepTest.Case of, Division division, Group group) {
    RecordedStep step = RecordedStep.sharing(network, Precision.FLOAT32, division, group);
    List<Double> scores = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      step.fit(batch(of, i));
      scores.add(network.score());
    }
    assertThat(step.parts()).isEqualTo(3);
    return scores;
  }

  /** Also where statistics are taken over a batch. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shardsGiveWhatTheWholeGives(boolean batchNorm) {
    NetworkSettings solver =
        new NetworkSettings(
            3, new Sgd(0.1), 1e-3, 0, GradientNormalization.None, 1, DataType.DOUBLE);
    RecordedStepTest.Case of =
        RecordedStepTest.convNet(Activation.RELU, batchNorm, 0, Loss.SOFTMAX, solver);
    ComputationGraph whole = network(of);
    ComputationGraph divided = network(of);
    RecordedStep step =
        RecordedStep.sharing(divided, Precision.FLOAT32, new Division(3, true), null);
    for (int i = 0; i < 20; i++) {
      whole.fit(batch(of, i));
      step.fit(batch(of, i));
      assertThat(divided.score()).isCloseTo(whole.score(), within(1e-9));
    }
    assertThat(divided.params().sub(whole.params()).norm2Number().doubleValue()).isLessThan(1e-9);
    assertThat(step.parts()).isEqualTo(3);
  }

  /** Numbers with 8 bits: a sum is off by less than 1 in 128 of its largest term. */
  @Test
  void gradientsAreRoundedBeforeAndAfterTheyAreAdded() {
    NetworkSettings solver =
        new NetworkSettings(3, new Sgd(1), 0, 0, GradientNormalization.None, 1, DataType.FLOAT);
    RecordedStepTest.Case of =
        RecordedStepTest.convNet(Activation.RELU, false, 0, Loss.SOFTMAX, solver);
    ComputationGraph exact = network(of);
    ComputationGraph rounded = network(of);
    RecordedStep.sharing(exact, Precision.FLOAT32, new Division(2, true), null).fit(batch(of, 0));
    RecordedStep.sharing(rounded, Precision.FLOAT32, new Division(2, true, true), null)
        .fit(batch(of, 0));
    float[] moves = bits(network(of).params().sub(rounded.params()));
    assertThat(moves).isNotEqualTo(bits(network(of).params().sub(exact.params())));
    double off = rounded.params().sub(exact.params()).norm2Number().doubleValue();
    double moved = network(of).params().sub(exact.params()).norm2Number().doubleValue();
    assertThat(off).isPositive().isLessThan(moved / 128);
  }

  /** Statistics of a shard differ from those of the batch. */
  @Test
  void shardsWithStatisticsOfTheirOwnGiveSomethingElse() {
    RecordedStepTest.Case of = divided().findFirst().orElseThrow();
    ComputationGraph whole = network(of);
    ComputationGraph apart = network(of);
    train(whole, of, new Division(3, true), null);
    train(apart, of, new Division(3, false), null);
    assertThat(bits(apart.params())).isNotEqualTo(bits(whole.params()));
  }

  @Test
  void aShardThatFailsAmongOthersThatWaitIsToldAndTheNextStepGoesOn() {
    RecordedStepTest.Case of = divided().findFirst().orElseThrow();
    ComputationGraph network = network(of);
    RecordedStep step =
        RecordedStep.sharing(network, Precision.FLOAT32, new Division(3, true), null);
    step.fit(batch(of, 0));
    MultiDataSet wrong = batch(of, 1);
    wrong.setLabels(new INDArray[] {Nd4j.zeros(14, 1000)});
    assertThatThrownBy(() -> step.fit(wrong)).hasMessageNotContaining("another shard");
    step.fit(batch(of, 1));
    assertThat(bits(network.params())).doesNotContain(Float.NaN);
  }

  @Test
  void aGroupHasAProcessForEachShard() {
    ComputationGraph network = network(divided().findFirst().orElseThrow());
    Group group = new Group(0, 2, array -> {}, array -> {}, List::of, () -> false);
    assertThatThrownBy(
            () -> RecordedStep.sharing(network, Precision.FLOAT32, new Division(3, true), group))
        .hasMessage("expected as many processes as shards, 3, got 2");
  }
}
