package org.descry.data.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * The tokens of a language model, numbered by falling count, equal counts by their text. Where rare
 * tokens are left out, {@value #UNKNOWN} stands for them, as number 0. Immutable; as JSON {@code
 * {"unit": "CHARACTER", "tokens": ["e", ...]}}.
 */
public final class TextVocabulary {
  /** Stands for every token that is too rare. */
  public static final String UNKNOWN = "<UNK>";

  private final TextUnit unit;
  private final List<String> tokens;
  private final Map<String, Integer> indices = new HashMap<>();

  /**
   * A stored vocabulary.
   *
   * @throws IllegalArgumentException if it has no unit or no tokens, or a token twice
   */
  @JsonCreator
  public TextVocabulary(
      @JsonProperty("unit") TextUnit unit, @JsonProperty("tokens") List<String> tokens) {
    if (unit == null || tokens == null || tokens.isEmpty() || tokens.contains(null)) {
      throw new IllegalArgumentException("a text vocabulary needs a unit and tokens");
    }
    this.unit = unit;
    this.tokens = List.copyOf(tokens);
    for (String token : tokens) {
      if (indices.put(token, indices.size()) != null) {
        throw new IllegalArgumentException("a text vocabulary holds twice: " + token);
      }
    }
  }

  /**
   * Counts the tokens of {@code texts} and keeps those that occur at least {@code minCount} times.
   *
   * @throws DescryException if none is left
   */
  public static TextVocabulary of(TextUnit unit, List<String> texts, int minCount) {
    Map<String, Integer> counts = new HashMap<>();
    for (String text : texts) {
      unit.split(text).forEach(token -> counts.merge(token, 1, Integer::sum));
    }
    List<String> kept =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= minCount)
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .toList();
    if (kept.isEmpty()) {
      throw new DataException(
          "No token of the text occurs at least %d times; expected a smaller minCount."
              .formatted(minCount));
    }
    List<String> tokens = new ArrayList<>(kept);
    if (kept.size() < counts.size()) {
      tokens.remove(UNKNOWN);
      tokens.add(0, UNKNOWN);
    }
    return new TextVocabulary(unit, tokens);
  }

  /** What a token is. */
  @JsonProperty
  public TextUnit unit() {
    return unit;
  }

  /** All tokens in the order of their numbers. */
  @JsonProperty
  public List<String> tokens() {
    return tokens;
  }

  /** V. */
  public int size() {
    return tokens.size();
  }

  /** Whether some token stands for all that are too rare; it is number 0 then. */
  public boolean hasUnknown() {
    return tokens.get(0).equals(UNKNOWN);
  }

  /**
   * The numbers of a text's tokens.
   *
   * @param source what the text is called in messages
   * @throws DescryException for a token that is not in the vocabulary, if none stands for such
   */
  public int[] encode(String text, String source) {
    List<String> split = unit.split(text);
    int[] numbers = new int[split.size()];
    for (int i = 0; i < numbers.length; i++) {
      Integer number = indices.get(split.get(i));
      if (number == null && !hasUnknown()) {
        throw new DataException(
            "%s: \"%s\" is not among the %d tokens of the vocabulary; expected text made of those."
                .formatted(source, split.get(i), size()));
      }
      numbers[i] = number == null ? 0 : number;
    }
    return numbers;
  }

  /** The text of numbered tokens. */
  public String decode(int[] numbers) {
    List<String> chosen = new ArrayList<>(numbers.length);
    for (int number : numbers) {
      chosen.add(tokens.get(number));
    }
    return unit.join(chosen);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextVocabulary v && unit == v.unit && tokens.equals(v.tokens);
  }

  @Override
  public int hashCode() {
    return tokens.hashCode();
  }

  @Override
  public String toString() {
    return "vocabulary of " + size() + " tokens";
  }
}
