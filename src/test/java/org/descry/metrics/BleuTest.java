package org.descry.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class BleuTest {
  private static final List<List<String>> PAPINENI_REFERENCES =
      List.of(
          words(
              "It is a guide to action that ensures that the military will forever heed Party"
                  + " commands"),
          words(
              "It is the guiding principle which guarantees the military forces always being under"
                  + " the command of the Party"),
          words(
              "It is the practical guide for the army always to heed the directions of the party"));
  private static final List<String> PAPINENI_CANDIDATE =
      words(
          "It is a guide to action which ensures that the military always obeys the commands of the"
              + " party");

  private static List<String> words(String sentence) {
    return List.of(sentence.split(" "));
  }

  private static List<String> lower(List<String> words) {
    return words.stream().map(w -> w.toLowerCase(Locale.ROOT)).toList();
  }

  private static double precision(String candidate, int n, List<List<String>> references) {
    return Bleu.precision(List.of(words(candidate)), List.of(references), n);
  }

  @Test
  void clippedPrecisionOfPapineniExamples() {
    List<List<String>> cats =
        List.of(words("the cat is on the mat"), words("there is a cat on the mat"));
    assertThat(precision("the the the the the the the", 1, cats)).isEqualTo(2.0 / 7);

    List<List<String>> references = PAPINENI_REFERENCES.stream().map(BleuTest::lower).toList();
    String first = String.join(" ", lower(PAPINENI_CANDIDATE));
    String second =
        "it is to insure the troops forever hearing the activity guidebook that party direct";
    assertThat(precision(first, 1, references)).isEqualTo(17.0 / 18);
    assertThat(precision(first, 2, references)).isEqualTo(10.0 / 17);
    assertThat(precision(second, 1, references)).isEqualTo(8.0 / 14);
    assertThat(precision(second, 2, references)).isEqualTo(1.0 / 13);
  }

  /** The examples in the documentation of NLTK's sentence_bleu and corpus_bleu. */
  @Test
  void agreesWithTheExamplesOfNltk() {
    assertThat(Bleu.score(List.of(PAPINENI_CANDIDATE), List.of(PAPINENI_REFERENCES))[3])
        .isCloseTo(0.5045666840058485, within(1e-12));
    List<List<String>> candidates =
        List.of(
            PAPINENI_CANDIDATE,
            words("he read the book because he was interested in world history"));
    List<List<List<String>>> references =
        List.of(
            PAPINENI_REFERENCES,
            List.of(words("he was interested in world history because he read the book")));
    assertThat(Bleu.score(candidates, references)[3]).isCloseTo(0.5920778868801042, within(1e-12));
  }

  @Test
  void shortCandidatesPayTheBrevityPenalty() {
    double[] bleu = Bleu.score(List.of(words("a b c")), List.of(List.of(words("a b c d e f"))));
    assertThat(bleu[0]).isCloseTo(Math.exp(-1), within(1e-15));
    assertThat(bleu[2]).isCloseTo(Math.exp(-1), within(1e-15));
    assertThat(bleu[3]).isZero();
  }

  @Test
  void ofTwoEquallyCloseReferencesTheShorterCounts() {
    double[] bleu =
        Bleu.score(List.of(words("a b c")), List.of(List.of(words("a b c d"), words("a b"))));
    assertThat(bleu[0]).isEqualTo(1);
  }

  @Test
  void emptyCandidatesScoreZero() {
    assertThat(Bleu.score(List.of(List.of()), List.of(List.of(words("a"))))).containsOnly(0.0);
  }

  @Test
  void candidatesWithoutReferencesAreRefused() {
    assertThatThrownBy(() -> Bleu.score(List.of(words("a")), List.of(List.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no reference");
    assertThatThrownBy(() -> Bleu.score(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
