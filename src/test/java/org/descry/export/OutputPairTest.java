package org.descry.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class OutputPairTest {
  private static OutputPair answer(INDArray expected, double... found) {
    return new OutputPair(
        "scores", expected, Nd4j.createFromArray(found).reshape(expected.shape()));
  }

  @Test
  void probabilitiesMayDifferByTheTolerance() {
    INDArray expected = Nd4j.createFromArray(0.25, 0.75).reshape(1, 2);
    assertThat(answer(expected, 0.25, 0.750009).check()).isCloseTo(9e-6, within(1e-12));
    assertThatThrownBy(() -> answer(expected, 0.25, 0.750011).check())
        .isInstanceOf(DescryException.class)
        .hasMessage(
            "The export's output \"scores\" differs from the original's at [0, 1]: 0.750011 instead"
                + " of 0.75; expected a difference of at most 1.0E-5.");
  }

  @Test
  void scoresMayDifferByAShareOfTheLargest() {
    INDArray expected = Nd4j.createFromArray(0.5, -200.0).reshape(2, 1);
    assertThat(answer(expected, 0.501, -200.0).check()).isCloseTo(5e-6, within(1e-9));
    assertThatThrownBy(() -> answer(expected, 0.503, -200.0).check())
        .hasMessageContaining("at [0, 0]");
  }

  @Test
  void whatIsNotFiniteOrOfAnotherShapeDiffers() {
    INDArray expected = Nd4j.createFromArray(0.25, 0.75);
    assertThatThrownBy(() -> answer(expected, 0.25, Double.NaN).check())
        .hasMessageContaining("at [1]: NaN instead of 0.75");
    assertThatThrownBy(() -> new OutputPair("scores", expected, Nd4j.zeros(3)).check())
        .hasMessage(
            "The export's output \"scores\" has the shape [3]; expected the original's: [2].");
  }
}
