package org.descry.data.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.descry.DescryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDataTest {
  @TempDir Path dir;

  private Path file(byte... content) throws IOException {
    return Files.write(dir.resolve("text.txt"), content);
  }

  @Test
  void readsAnyUtf8() throws IOException {
    Path file = file("\uFEFFgrüß\r\ndich\r世界 \uD83D\uDE00\n".getBytes(StandardCharsets.UTF_8));
    assertThat(TextFiles.read(file)).isEqualTo("grüß\ndich\n世界 \uD83D\uDE00\n");
  }

  @Test
  void saysWhereAFileIsNotUtf8() throws IOException {
    Path malformed = file((byte) 'a', (byte) 0xFF, (byte) 'b');
    assertThatThrownBy(() -> TextFiles.read(malformed))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("text.txt is not UTF-8: byte 1 (0xFF)");
    Path cut = file((byte) 'a', (byte) 0xE4, (byte) 0xB8);
    assertThatThrownBy(() -> TextFiles.read(cut))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("byte 1 (0xE4)");
  }

  @Test
  void refusesWhatHoldsNoText() throws IOException {
    Path empty = file();
    assertThatThrownBy(() -> TextFiles.read(empty))
        .isInstanceOf(DescryException.class)
        .hasMessageEndingWith("text.txt is empty; expected UTF-8 text.");
    Path blank = file((byte) ' ', (byte) '\n');
    assertThatThrownBy(() -> TextFiles.read(blank)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> TextFiles.read(dir))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> TextFiles.read(dir.resolve("none")))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void wordsAreWhatStandsBetweenWhiteSpace() {
    assertThat(TextUnit.WORD.split(" a,b\t世 界\u3000x\n")).containsExactly("a,b", "世", "界", "x");
    assertThat(TextUnit.CHARACTER.split("a \uD83D\uDE00\n"))
        .containsExactly("a", " ", "\uD83D\uDE00", "\n");
  }

  @Property(tries = 50)
  void charactersDecodeToTheTextThatWasEncoded(@ForAll String text) {
    // A lone surrogate is no Unicode text.
    String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8) + "!";
    TextVocabulary vocabulary = TextVocabulary.of(TextUnit.CHARACTER, List.of(whole), 1);
    assertThat(vocabulary.decode(vocabulary.encode(whole, "text"))).isEqualTo(whole);
  }

  @Test
  void rareTokensShareOneNumber() {
    TextVocabulary vocabulary = TextVocabulary.of(TextUnit.WORD, List.of("b a c b a b d"), 2);
    assertThat(vocabulary.tokens()).containsExactly(TextVocabulary.UNKNOWN, "b", "a");
    assertThat(vocabulary.encode("a c b", "text")).containsExactly(2, 0, 1);
    assertThat(vocabulary.decode(new int[] {2, 0})).isEqualTo("a <UNK>");
    assertThatThrownBy(() -> TextVocabulary.of(TextUnit.WORD, List.of("a b"), 2))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("at least data.minCount = 2 times");
  }

  @Test
  void aCompleteVocabularyRefusesOtherTokens() {
    TextVocabulary vocabulary = TextVocabulary.of(TextUnit.WORD, List.of("b a b"), 1);
    assertThat(vocabulary.tokens()).containsExactly("b", "a");
    assertThatThrownBy(() -> vocabulary.encode("a x", "--prompt"))
        .isInstanceOf(DescryException.class)
        .hasMessageContaining("--prompt: \"x\" is not among the 2 tokens");
  }

  @Test
  void theVocabularySurvivesJson() throws IOException {
    TextVocabulary vocabulary = TextVocabulary.of(TextUnit.CHARACTER, List.of("a\n\"世"), 1);
    ObjectMapper json = new ObjectMapper();
    String text = json.writeValueAsString(vocabulary);
    assertThat(json.readTree(text).size()).isEqualTo(2);
    assertThat(json.readValue(text, TextVocabulary.class)).isEqualTo(vocabulary);
  }
}
