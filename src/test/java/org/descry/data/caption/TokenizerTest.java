package org.descry.data.caption;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A dog , running .| a dog running",
        "Rock-climbing in the U.S.| rock climbing in the u s",
        "Don't; the dogs' owner 's| don't the dogs owner s",
        "don\u2019t ''quoted''| don't quoted",
        "3 men, No.7| 3 men no 7",
        "\uFF21 \u00C9t\u00E9 e\u0301te\u0301| \uFF41 \u00E9t\u00E9 \u00E9t\u00E9",
        "\u0939\u093F\u0928\u094D\u0926\u0940 \uD83D\uDE00 \uD835\uDD4F|"
            + " \u0939\u093F\u0928\u094D\u0926\u0940 \uD835\uDD4F",
      })
  void cutsIntoWords(String text, String words) {
    assertThat(String.join(" ", Tokenizer.tokenize(text))).isEqualTo(words);
  }

  @Test
  void punctuationAloneHasNoWords() {
    assertThat(Tokenizer.tokenize(" . ,' -- ' \u2019 \uD83D\uDE00")).isEmpty();
  }

  @Property(tries = 2000)
  void tokenisingAgainChangesNothing(@ForAll String text) {
    var words = Tokenizer.tokenize(text);
    assertThat(Tokenizer.tokenize(String.join(" ", words))).isEqualTo(words);
    assertThat(words).doesNotContain("");
  }
}
