package org.descry.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
  void survivesItsFile(@TempDir Path directory) {
    Path file = directory.resolve("vocabulary.json");
    VOCABULARY.write(file);
    assertThat(Vocabulary.read(file)).isEqualTo(VOCABULARY).hasSameHashCodeAs(VOCABULARY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "no json",
        "{\"words\": [\"<NULL>\", \"<START>\"",
        "{}",
        "[]",
        "{\"words\": [\"a\", \"b\", \"c\", \"d\", \"e\"]}",
        "{\"words\": [\"<NULL>\", \"<START>\", \"<END>\", \"<UNK>\"]}",
        "{\"words\": [\"<NULL>\", \"<START>\", \"<END>\", \"<UNK>\", \"a\", \"a\"]}",
        "{\"words\": [\"<NULL>\", \"<START>\", \"<END>\", \"<UNK>\", null]}"
      })
  void corruptTextIsRefusedByName(String json) {
    assertThatThrownBy(() -> Vocabulary.fromJson(json, "model.zip"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("model.zip");
  }

  @Test
  void missingAndUnreadableFilesAreRefused(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> Vocabulary.read(directory.resolve("none.json")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("none.json does not exist");
    Path binary = Files.write(directory.resolve("binary.json"), new byte[] {(byte) 0xff, 0});
    assertThatThrownBy(() -> Vocabulary.read(binary)).isInstanceOf(DescryException.class);
  }

  @Test
  void anEmptyVocabularyIsRefused() {
    assertThatThrownBy(() -> Vocabulary.of(List.of(List.of("a")), 2))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("at least 2 times");
    assertThatThrownBy(() -> Vocabulary.of(List.of(List.of("a")), 0))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("got: 0");
  }
}
