package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private static final Vocabulary VOCABULARY =
      Vocabulary.of(
          List.of(List.of("b", "a", "c"), List.of("c", "b", "a"), List.of("c", "rare")), 2);

  @Test
  void ordersByFallingCountAndThenAlphabetically() {
    assertThat(VOCABULARY.words())
        .containsExactly("<NULL>", "<START>", "<END>", "<UNK>", "c", "a", "b");
  }

  @Test
  void encodesBetweenStartAndEnd() {
    assertThat(VOCABULARY.encode(List.of("a", "rare", "c"))).containsExactly(1, 5, 3, 4, 2);
    assertThat(VOCABULARY.encode(List.of())).containsExactly(1, 2);
  }

  @Test
  void decodesUpToTheFirstEnd() {
    assertThat(VOCABULARY.decode(new int[] {1, 5, 3, 0, 4, 2, 6}))
        .containsExactly("a", "<UNK>", "c");
  }

  @Test
  void survivesItsWords() {
    assertThat(Vocabulary.of(VOCABULARY.words(), "model.zip"))
        .isEqualTo(VOCABULARY)
        .hasSameHashCodeAs(VOCABULARY);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "a b c d e",
        "<NULL> <START> <END> <UNK>",
        "<NULL> <START> <END> <UNK> a a",
        "<NULL> <START> <END> <UNK> null"
      })
  void damagedWordsAreRefusedByName(String text) {
    List<String> words =
        text == null
            ? null
            : Stream.of(text.split(" ")).map(word -> word.equals("null") ? null : word).toList();
    assertThatThrownBy(() -> Vocabulary.of(words, "model.zip"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("model.zip");
  }

  @Test
  void anEmptyVocabularyIsRefused() {
    assertThatThrownBy(() -> Vocabulary.of(List.of(List.of("a")), 2))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("at least data.minCount = 2 times");
    assertThatThrownBy(() -> Vocabulary.of(List.of(List.of("a")), 0))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("got: 0");
  }
}
