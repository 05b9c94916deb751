package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.layer.AbstractRnnVertex;
import org.descry.model.NetworkLayers;
import org.descry.model.NetworkModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class RecordedOutputTest {
  private static MultiDataSet batch(RecordedStepTest.Case of, int examples, long seed) {
    Random random = new Random(seed);
    INDArray state = Nd4j.rand(examples, Math.max(1, of.state()));
    return of.batch().of(examples, random, state);
  }

  @ParameterizedTest
  @MethodSource("org.descry.replay.RecordedStepTest#cases")
  void answersToTheBitAsOutputDoes(RecordedStepTest.Case of) {
    ComputationGraph network = RecordedStepTest.network(of);
    RecordedOutput recorded = RecordedOutput.of(network);
    for (int i = 0; i < 9; i++) {
      MultiDataSet batch = batch(of, i % 3 == 2 ? 4 : 6, i);
      INDArray[] expected = network.output(false, batch.getFeatures());
      INDArray losses = network.scoreExamples(batch, false);

      assertSame(recorded.output(batch.getFeatures()).get(0), expected[0]);
      assertSame(recorded.losses(batch), losses);
      RecordedOutput.Answers both = recorded.score(batch);
      INDArray[] masked =
          network.output(
              false,
              batch.getFeatures(),
              batch.getFeaturesMaskArrays(),
              batch.getLabelsMaskArrays());
      assertSame(both.outputs().get(0), masked[0]);
      assertSame(both.losses(), losses);

      network.fit(batch); // the parameters change where they are
    }
  }

  /** What follows from the parameters is made once; all that has been said before is said again. */
  @ParameterizedTest
  @MethodSource("org.descry.replay.RecordedStepTest#cases")
  void ofConstantParametersTheBitsAreThose(RecordedStepTest.Case of) {
    ComputationGraph network = RecordedStepTest.network(of);
    RecordedOutput recorded = RecordedOutput.ofConstant(network);
    for (int i = 0; i < 6; i++) {
      INDArray[] features = batch(of, i % 2 == 1 ? 4 : 6, i).getFeatures();
      INDArray expected = network.output(false, features)[0];
      assertSame(recorded.output(features).get(0), expected);
    }
  }

  @Test
  void theLastStateOfWhatLooksIsThatOfTheLatestReplay() {
    RecordedStepTest.Case of = RecordedStepTest.cases().findFirst().orElseThrow();
    ComputationGraph network = RecordedStepTest.network(of);
    RecordedOutput recorded = RecordedOutput.of(network);
    for (int examples : new int[] {6, 6, 4, 4}) {
      recorded.output(batch(of, examples, examples).getFeatures());
    }
    INDArray[] features = batch(of, 6, 1).getFeatures();
    recorded.output(features);
    INDArray last = lastState(network);
    network.output(false, features);
    assertSame(last, lastState(network));
  }

  private static INDArray lastState(ComputationGraph network) {
    INDArray state = Nd4j.zeros(6, NetworkLayers.stateWidth(network));
    AbstractRnnVertex.copyLastState(network.getVertex(NetworkModel.RNN), state);
    return state;
  }

  private static void assertSame(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(RecordedStepTest.bits(actual.dup('c')))
        .isEqualTo(RecordedStepTest.bits(expected.dup('c')));
  }

  @ParameterizedTest
  @MethodSource("org.descry.replay.RecordedStepTest#cases")
  void aPassAllocatesNothing(RecordedStepTest.Case of) {
    RecordedOutput recorded = RecordedOutput.of(RecordedStepTest.network(of));
    MultiDataSet batch = batch(of, 6, 1);
    Allocations.requireNone(() -> recorded.score(batch));
  }
}
