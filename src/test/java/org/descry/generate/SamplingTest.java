package org.descry.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingTest {
  private static final double BANNED = -Float.MAX_VALUE;

  @ParameterizedTest
  @CsvSource({"1e300, 0", "1e300, 3", "1e38, 4", "1, 0"})
  void whatIsNeverToBeChosenIsNotDrawnHoweverBoldly(double temperature, int topK) {
    double[] scores = {BANNED, 1, BANNED, 2};
    SplittableRandom random = new SplittableRandom(1);
    int[] drawn =
        IntStream.range(0, 1000)
            .map(i -> Sampling.draw(scores, temperature, topK, random))
            .distinct()
            .sorted()
            .toArray();
    assertThat(drawn).as(Arrays.toString(drawn)).containsExactly(1, 3);
  }
}
