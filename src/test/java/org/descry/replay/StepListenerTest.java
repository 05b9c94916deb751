package org.descry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StepListenerTest {
  /** Looks at what a step has subtracted, where DL4J leaves it. */
  private static final class Steps extends BaseTrainingListener {
    private final List<float[]> seen = new ArrayList<>();

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      seen.add(RecordedStepTest.bits(((ComputationGraph) model).getFlattenedGradients()));
    }
  }

  /** Also one that comes when steps are recorded already. */
  @ParameterizedTest
  @MethodSource({
    "org.descry.replay.RecordedStepTest#cases",
    "org.descry.replay.RecordedStepTest#updates"
  })
  void aListenerFindsTheStepInTheGradientsPlace(RecordedStepTest.Case of) {
    ComputationGraph fitted = RecordedStepTest.network(of);
    ComputationGraph replayed = RecordedStepTest.network(of);
    RecordedStep step = RecordedStep.of(replayed);
    Steps expected = new Steps();
    Steps actual = new Steps();
    for (int i = 0; i < 6; i++) {
      if (i == 2) {
        fitted.addListeners(expected);
        replayed.addListeners(actual);
      }
      fitted.fit(of.batch(i));
      step.fit(of.batch(i));
    }
    assertThat(actual.seen).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(actual.seen.get(i)).isEqualTo(expected.seen.get(i));
    }
    assertThat(RecordedStepTest.bits(replayed.params()))
        .isEqualTo(RecordedStepTest.bits(fitted.params()));
  }
}
