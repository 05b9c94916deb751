package org.descry.data.caption;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.descry.DataException;
import org.descry.DescryException;

/**
 * The words a captioner can say, numbered: the four special tokens first, then the words by falling
 * count, equal counts alphabetically. Immutable.
 */
public final class Vocabulary {
  /** Fills a sequence up to its length; carries no loss. */
  public static final int NULL = 0;

  /** Stands before every caption. */
  public static final int START = 1;

  /** Stands after every caption. */
  public static final int END = 2;

  /** Stands for every word outside the vocabulary. */
  public static final int UNKNOWN = 3;

  private static final List<String> SPECIAL = List.of("<NULL>", "<START>", "<END>", "<UNK>");

  private final List<String> words;
  private final Map<String, Integer> indices;

  private Vocabulary(List<String> words) {
    this.words = List.copyOf(words);
    this.indices = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      indices.put(words.get(i), i);
    }
  }

  /**
   * Counts the words of {@code sentences} and keeps those that occur at least {@code minCount}
   * times.
   *
   * @throws DescryException if {@code minCount} is below 1 or no word is left
   */
  public static Vocabulary of(Iterable<List<String>> sentences, int minCount) {
    if (minCount < 1) {
      throw new DataException(
          "The vocabulary's minimum count must be at least 1, got: " + minCount);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (List<String> sentence : sentences) {
      sentence.forEach(word -> counts.merge(word, 1, Integer::sum));
    }
    SPECIAL.forEach(counts::remove);
    List<String> words = new ArrayList<>(SPECIAL);
    counts.entrySet().stream()
        .filter(e -> e.getValue() >= minCount)
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(e -> words.add(e.getKey()));
    if (words.size() == SPECIAL.size()) {
      throw new DataException(
          "No word occurs at least data.minCount = %s times in the captions of the training part; expected a smaller one, or more captions."
              .formatted(minCount));
    }
    return new Vocabulary(words);
  }

  /** Number of tokens, the four special ones included. */
  public int size() {
    return words.size();
  }

  /** Index of {@code word}, {@link #UNKNOWN} if the vocabulary lacks it. */
  int index(String word) {
    return indices.getOrDefault(word, UNKNOWN);
  }

  /** The word of {@code index}, 0 to {@link #size()} - 1. */
  String word(int index) {
    return words.get(index);
  }

  /** All words, special tokens included, in the order of their indices. */
  public List<String> words() {
    return words;
  }

  /** Returns {@code <START> words <END>} as indices: two more than there are words. */
  public int[] encode(List<String> sentence) {
    int[] tokens = new int[sentence.size() + 2];
    tokens[0] = START;
    for (int i = 0; i < sentence.size(); i++) {
      tokens[i + 1] = index(sentence.get(i));
    }
    tokens[tokens.length - 1] = END;
    return tokens;
  }

  /**
   * Returns the words up to the first {@code <END>}, without {@code <START>} and {@code <NULL>}.
   */
  public List<String> decode(int[] tokens) {
    List<String> sentence = new ArrayList<>(tokens.length);
    for (int token : tokens) {
      if (token == END) {
        break;
      }
      if (token != START && token != NULL) {
        sentence.add(word(token));
      }
    }
    return sentence;
  }

  /**
   * The vocabulary of {@link #words()} that were stored.
   *
   * @param source where they come from, for the message
   * @throws DescryException if special tokens are not in their places or a word is there twice
   */
  public static Vocabulary of(List<String> words, String source) {
    if (words == null
        || words.size() <= SPECIAL.size()
        || !words.subList(0, SPECIAL.size()).equals(SPECIAL)) {
      throw new DataException(
          "The vocabulary in " + source + " must begin with " + SPECIAL + " and hold more words");
    }
    if (words.stream().anyMatch(Objects::isNull)) {
      throw new DataException("The vocabulary in " + source + " holds a null");
    }
    Vocabulary vocabulary = new Vocabulary(words);
    if (vocabulary.indices.size() != words.size()) {
      throw new DataException("The vocabulary in " + source + " holds a word twice");
    }
    return vocabulary;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary v && v.words.equals(words);
  }

  @Override
  public int hashCode() {
    return words.hashCode();
  }

  @Override
  public String toString() {
    return "Vocabulary of " + size() + " tokens";
  }
}
