package org.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RougeLTest {
  private static List<String> words(String sentence) {
    return List.of(sentence.split(" "));
  }

  /** The example of section 3.1 of Lin (2004): precision and recall are equal, so beta is idle. */
  @Test
  void agreesWithTheExampleOfThePaper() {
    List<List<String>> reference = List.of(words("police killed the gunman"));
    assertThat(RougeL.sentence(words("police kill the gunman"), reference))
        .isCloseTo(0.75, within(1e-15));
    assertThat(RougeL.sentence(words("the gunman kill police"), reference))
        .isCloseTo(0.5, within(1e-15));
  }

  @Test
  void recallWeighsMoreThanPrecision() {
    // P = 1, R = 1/2: 2.44 * 0.5 / (0.5 + 1.44)
    assertThat(RougeL.sentence(words("a b"), List.of(words("a b c d"))))
        .isCloseTo(1.22 / 1.94, within(1e-15));
    // P = 1/2, R = 1: 2.44 * 0.5 / (1 + 0.72)
    assertThat(RougeL.sentence(words("a b c d"), List.of(words("a b"))))
        .isCloseTo(1.22 / 1.72, within(1e-15));
  }

  @Test
  void greatestPrecisionAndRecallMayComeFromTwoReferences() {
    // Against "a x": P = 1/2, R = 1/2; against "a b c d": P = 1, R = 1/2.
    assertThat(RougeL.sentence(words("a b"), List.of(words("a x"), words("a b c d"))))
        .isCloseTo(1.22 / 1.94, within(1e-15));
  }

  @Test
  void nothingInCommonScoresZero() {
    assertThat(RougeL.sentence(words("a b"), List.of(words("c")))).isZero();
    assertThat(RougeL.sentence(List.of(), List.of(words("c")))).isZero();
  }

  @Test
  void theCorpusScoreIsTheMean() {
    assertThat(
            RougeL.score(
                List.of(words("a b"), words("x")),
                List.of(List.of(words("a b")), List.of(words("y")))))
        .isEqualTo(0.5);
  }
}
