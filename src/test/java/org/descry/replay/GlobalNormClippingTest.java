package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class GlobalNormClippingTest {
  private static final double LIMIT = 0.01;

  private static ComputationGraph network(RecordedStepTest.Case of) {
    ComputationGraph network = RecordedStepTest.network(of);
    network.addListeners(new GlobalNormClipping(LIMIT));
    return network;
  }

  /** In both ways of training, to the same bits, and to another end than without it. */
  @Test
  void fitAndRecordedStepsClipAlike() {
    RecordedStepTest.Case of = RecordedStepTest.updates().findFirst().orElseThrow();
    ComputationGraph fitted = network(of);
    ComputationGraph replayed = network(of);
    ComputationGraph free = RecordedStepTest.network(of);
    RecordedStep step = RecordedStep.of(replayed);
    assertThat(step.obstacle()).isNull();
    for (int i = 0; i < 5; i++) {
      fitted.fit(of.batch(i));
      step.fit(of.batch(i));
      free.fit(of.batch(i));
      assertThat(bits(replayed)).isEqualTo(bits(fitted)).isNotEqualTo(bits(free));
    }
    assertThat(step.plans()).isOne();
  }

  private static float[] bits(ComputationGraph network) {
    return RecordedStepTest.bits(network.params());
  }

  /** The norm is that of the batch's mean gradient, over all layers. */
  @Test
  void theStepHasTheNormAtMost() {
    RecordedStepTest.Case of = RecordedStepTest.updates().findFirst().orElseThrow();
    ComputationGraph network = network(of);
    network.fit(of.batch(1));
    INDArray gradient = network.getFlattenedGradients();
    for (double norm : new double[] {0.5 * LIMIT, 2 * LIMIT}) {
      network.setLabels(of.batch(1).getLabels());
      gradient.assign(Nd4j.rand(gradient.shape()));
      gradient.muli(6 * norm / gradient.norm2Number().doubleValue());
      new GlobalNormClipping(LIMIT).onGradientCalculation(network);
      double mean = gradient.norm2Number().doubleValue() / 6;
      assertThat(mean / Math.min(norm, LIMIT)).isBetween(1 - 1e-5, 1 + 1e-5);
    }
  }

  @Test
  void aStepThatIsClippedAllocatesNothing() {
    RecordedStepTest.Case of = RecordedStepTest.cases().findFirst().orElseThrow();
    RecordedStep step = RecordedStep.of(network(of));
    MultiDataSet batch = of.batch(1);
    Allocations.requireNone(() -> step.fit(batch));
  }

  @Test
  void theLimitIsAboveZero() {
    assertThatThrownBy(() -> new GlobalNormClipping(0))
        .hasMessage("limit is 0.0, but expected above 0");
  }
}
