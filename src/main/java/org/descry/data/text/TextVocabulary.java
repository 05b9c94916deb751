package org.descry.data.text;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * The tokens of a language model, numbered by falling count, equal counts by their text. Where some
 * tokens are left out, {@value #UNKNOWN} stands for them, as number 0. Where lines have an end,
 * {@value #END} is the first number after that. Immutable; as JSON {@code {"unit": "CHARACTER",
 * "tokens": ["e", ...]}}, and {@code "end": "<EOS>"} where lines have an end.
 */
public final class TextVocabulary {
  /** Stands for every token that is too rare, or that the training part does not hold. */
  public static final String UNKNOWN = "<UNK>";

  /** Stands behind the last token of a line. */
  public static final String END = "<EOS>";

  private final TextUnit unit;
  private final List<String> tokens;
  private final String end;
  private final Map<String, Integer> indices = new HashMap<>();

  /** A stored vocabulary of texts without an end. */
  public TextVocabulary(TextUnit unit, List<String> tokens) {
    this(unit, tokens, null);
  }

  /**
   * A stored vocabulary.
   *
   * @param end the token at the end of each line, or null
   * @throws IllegalArgumentException if it has no unit or no tokens, a token twice, or an end that
   *     is none of the tokens
   */
  @JsonCreator
  public TextVocabulary(
      @JsonProperty("unit") TextUnit unit,
      @JsonProperty("tokens") List<String> tokens,
      @JsonProperty("end") String end) {
    if (unit == null || tokens == null || tokens.isEmpty() || tokens.contains(null)) {
      throw new IllegalArgumentException("a text vocabulary needs a unit and tokens");
    }
    this.unit = unit;
    this.tokens = List.copyOf(tokens);
    this.end = end;
    for (String token : tokens) {
      if (indices.put(token, indices.size()) != null) {
        throw new IllegalArgumentException("a text vocabulary holds twice: " + token);
      }
    }
    if (end != null && !indices.containsKey(end)) {
      throw new IllegalArgumentException("a text vocabulary lacks its end of a line: " + end);
    }
  }

  /**
   * The vocabulary of whole texts that a model is trained on, without an end.
   *
   * @throws DescryException if none of their tokens occurs at least {@code minCount} times
   */
  public static TextVocabulary of(TextUnit unit, List<String> texts, int minCount) {
    return of(unit, texts.stream().map(unit::split).toList(), List.of(), minCount, false);
  }

  /**
   * Counts the tokens of the training part and keeps those that occur at least {@code minCount}
   * times. {@link #UNKNOWN} is among them if it is needed in any part.
   *
   * @param training what is counted, in tokens
   * @param heldOut what else the model is to read
   * @param ends whether {@link #END} stands behind lines
   * @throws DescryException if none is left
   */
  public static TextVocabulary of(
      TextUnit unit,
      List<List<String>> training,
      List<List<String>> heldOut,
      int minCount,
      boolean ends) {
    Map<String, Integer> counts = new HashMap<>();
    training.forEach(text -> text.forEach(token -> counts.merge(token, 1, Integer::sum)));
    Set<String> kept =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= minCount)
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (kept.isEmpty()) {
      throw new DataException(
          "No token of the training part occurs at least data.minCount = %s times; expected a smaller one."
              .formatted(minCount));
    }
    List<String> tokens = new ArrayList<>();
    if (kept.size() < counts.size()
        || heldOut.stream().flatMap(List::stream).anyMatch(token -> !kept.contains(token))) {
      tokens.add(UNKNOWN);
    }
    if (ends) {
      tokens.add(END);
    }
    kept.stream().filter(token -> !tokens.contains(token)).forEach(tokens::add);
    return new TextVocabulary(unit, tokens, ends ? END : null);
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

  /** What stands behind the last token of each line; null if lines have no end. */
  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public String end() {
    return end;
  }

  /** The number of {@link #end()}, if lines have one. */
  public OptionalInt endNumber() {
    return end == null ? OptionalInt.empty() : OptionalInt.of(indices.get(end));
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
    return encode(unit.split(text), source);
  }

  /** As {@link #encode(String, String)}, of a text in tokens. */
  public int[] encode(List<String> text, String source) {
    int[] numbers = new int[text.size()];
    int i = 0;
    for (String token : text) {
      Integer number = indices.get(token);
      if (number == null && !hasUnknown()) {
        throw new DataException(
            "%s: \"%s\" is not among the %s tokens of the vocabulary; expected text made of those."
                .formatted(source, token, size()));
      }
      numbers[i++] = number == null ? 0 : number;
    }
    return numbers;
  }

  /** As {@link #encode(List, String)}, with {@link #end()} behind it, if lines have one. */
  public int[] encodeLine(List<String> line, String source) {
    int[] numbers = encode(line, source);
    if (end == null || (!line.isEmpty() && line.get(line.size() - 1).equals(end))) {
      return numbers;
    }
    int[] ended = Arrays.copyOf(numbers, numbers.length + 1);
    ended[numbers.length] = indices.get(end);
    return ended;
  }

  /** The text of numbered tokens. */
  public String decode(int[] numbers) {
    List<String> chosen = new ArrayList<>(numbers.length);
    for (int number : numbers) {
      chosen.add(tokens.get(number));
    }
    return unit.join(chosen);
  }

  /** A token as it continues a text that ends before it. */
  public String following(int number) {
    return unit.join(List.of("", tokens.get(number)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TextVocabulary v
        && unit == v.unit
        && tokens.equals(v.tokens)
        && Objects.equals(end, v.end);
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
