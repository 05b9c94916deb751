package org.descry.kind.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.descry.kind.ClassScores.ClassScore;
import org.junit.jupiter.api.Test;

class ClassifierEvaluationTest {
  private static final Predictions PREDICTIONS =
      new Predictions(
          new int[] {0, 0, 0, 1, 1},
          new int[] {0, 0, 1, 1, 0},
          new float[] {.9f, .8f, .6f, 1, .7f},
          new int[] {0, 0, 5, 0, 4},
          0.5);

  @Test
  void scoresAreAsWorkedOutByHand() {
    ClassifierEvaluation report = ClassifierEvaluation.of(PREDICTIONS, List.of("a", "b", "c"));
    assertThat(report.accuracy()).isEqualTo(0.6);
    assertThat(report.top5()).isEqualTo(0.8);
    assertThat(report.confusion())
        .containsExactly(List.of(2, 1, 0), List.of(1, 1, 0), List.of(0, 0, 0));
    assertThat(report.classes())
        .containsExactly(
            new ClassScore("a", 2 / 3.0, 2 / 3.0, 2 / 3.0, 3),
            new ClassScore("b", 0.5, 0.5, 0.5, 2),
            new ClassScore("c", 0, 0, 0, 0));
  }

  @Test
  void mistakesComeMostConfidentFirst() {
    assertThat(PREDICTIONS.mistakes(10)).containsExactly(4, 2);
    assertThat(PREDICTIONS.mistakes(1)).containsExactly(4);
  }
}
