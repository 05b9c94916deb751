package org.descry.data.caption;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The captions of images, apart from the images: as words, and numbered by a vocabulary. Immutable;
 * captions lie one behind another in one array of tokens.
 */
final class Captions {
  private final List<String> names;
  private final List<List<Sentence>> sentences;
  private final Vocabulary vocabulary;
  private final int maxWords;
  // Caption i holds tokens[starts[i]] to tokens[starts[i + 1] - 1].
  private final int[] tokens;
  private final int[] starts;
  private final int[] imageOf;
  private final int[] firstOf;
  private final int longest;

  /**
   * @param names file name of each image
   * @param sentences the captions of each image
   * @param vocabulary what numbers the words
   * @param maxWords words of a caption after the first {@code maxWords} are not learnt
   */
  Captions(
      List<String> names, List<List<Sentence>> sentences, Vocabulary vocabulary, int maxWords) {
    this.names = List.copyOf(names);
    this.sentences = sentences.stream().map(List::copyOf).toList();
    this.vocabulary = vocabulary;
    this.maxWords = maxWords;
    imageOf =
        IntStream.range(0, sentences.size())
            .flatMap(i -> IntStream.generate(() -> i).limit(sentences.get(i).size()))
            .toArray();
    firstOf = new int[sentences.size()];
    for (int i = 1; i < firstOf.length; i++) {
      firstOf[i] = firstOf[i - 1] + sentences.get(i - 1).size();
    }
    int[][] encoded =
        sentences.stream().flatMap(List::stream).map(this::encode).toArray(int[][]::new);
    starts = new int[encoded.length + 1];
    for (int i = 0; i < encoded.length; i++) {
      starts[i + 1] = starts[i] + encoded[i].length;
    }
    tokens = Arrays.stream(encoded).flatMapToInt(Arrays::stream).toArray();
    longest = Arrays.stream(encoded).mapToInt(c -> c.length).max().orElse(0);
  }

  private int[] encode(Sentence sentence) {
    List<String> words = sentence.words();
    return vocabulary.encode(words.subList(0, Math.min(maxWords, words.size())));
  }

  int size() {
    return imageOf.length;
  }

  int images() {
    return names.size();
  }

  String name(int image) {
    return names.get(image);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  int imageOf(int caption) {
    return imageOf[caption];
  }

  int[] captionsOf(int image) {
    int from = firstOf[image];
    return IntStream.range(from, from + sentences.get(image).size()).toArray();
  }

  int length(int caption) {
    return starts[caption + 1] - starts[caption];
  }

  int token(int caption, int position) {
    return tokens[starts[caption] + position];
  }

  int[] tokens() {
    return tokens;
  }

  int start(int caption) {
    return starts[caption];
  }

  int longest() {
    return longest;
  }

  List<String> texts(int image) {
    return sentences.get(image).stream().map(Sentence::text).toList();
  }

  List<List<String>> words(int image) {
    return sentences.get(image).stream().map(Sentence::words).toList();
  }

  /** Those of the first {@code count} images. */
  Captions first(int count) {
    return new Captions(names.subList(0, count), sentences.subList(0, count), vocabulary, maxWords);
  }

  /** The same words numbered by another vocabulary. */
  Captions numberedBy(Vocabulary other) {
    return new Captions(names, sentences, other, maxWords);
  }
}
