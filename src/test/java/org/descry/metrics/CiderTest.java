package org.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Worked by hand: with two images that share no n-gram every weight is ln 2 and cancels. */
class CiderTest {
  private static final List<List<List<String>>> REFERENCES =
      List.of(List.of(words("red circle")), List.of(words("blue square")));

  private static List<String> words(String sentence) {
    return List.of(sentence.split(" "));
  }

  @Test
  void aTwoWordMatchScoresInTheFirstTwoOrders() {
    // n = 1 and 2 give 1, n = 3 and 4 give 0: 10 * 2/4. "red square" shares one of two words.
    assertThat(Cider.scores(List.of(words("red circle"), words("red square")), REFERENCES))
        .containsExactly(new double[] {5, 1.25}, within(1e-12));
    assertThat(Cider.score(List.of(words("red circle"), words("red square")), REFERENCES))
        .isCloseTo(3.125, within(1e-12));
  }

  @Test
  void repetitionIsClippedAndLengthPenalised() {
    // n = 1: (1 + 1) / (sqrt 5 sqrt 2); n = 2: 1 / sqrt 2; one word too long: exp(-1/72).
    double expected = 10.0 / 4 * Math.exp(-1.0 / 72) * (2 / Math.sqrt(10) + 1 / Math.sqrt(2));
    double[] scores =
        Cider.scores(List.of(words("red circle circle"), words("blue square")), REFERENCES);
    assertThat(scores[0]).isCloseTo(expected, within(1e-12));
  }

  @Test
  void severalReferencesAreAveraged() {
    double[] scores =
        Cider.scores(
            List.of(words("red circle"), words("blue square")),
            List.of(
                List.of(words("red circle"), words("green cross")), List.of(words("blue square"))));
    assertThat(scores).containsExactly(new double[] {2.5, 5}, within(1e-12));
  }

  @Test
  void wordsOfEveryImageWeighNothing() {
    // "a" is in both images: alone it scores 0, and beside it "cat" is worth a full match.
    double[] scores =
        Cider.scores(
            List.of(words("a cat"), words("a")),
            List.of(List.of(words("a cat")), List.of(words("a dog"))));
    assertThat(scores[0]).isCloseTo(5, within(1e-12));
    assertThat(scores[1]).isZero();
  }

  @Test
  void aCorpusOfOneImageScoresZero() {
    assertThat(Cider.score(List.of(words("a cat")), List.of(List.of(words("a cat"))))).isZero();
  }
}
