package org.descry.data.caption;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.image.ChannelNormalizer;

/**
 * Pictures with their captions, several a picture. Immutable; a picture is held once however many
 * captions it has, and captions lie one behind another in one array of tokens.
 */
public final class CaptionSet {
  private final List<String> names;
  private final ImageInputs inputs;
  private final List<List<String>> texts;
  private final Vocabulary vocabulary;
  private final int maxWords;
  // Caption i holds tokens[starts[i]] to tokens[starts[i + 1] - 1].
  private final int[] tokens;
  private final int[] starts;
  private final int[] imageOf;
  private final int[] firstOf;
  private final int longest;

  /**
   * @param names file name of each picture
   * @param inputs the pictures, in the same order
   * @param texts the captions of each picture, as they were written
   * @param vocabulary what numbers the words
   * @param maxWords words of a caption after the first {@code maxWords} are not learnt
   */
  public CaptionSet(
      List<String> names,
      ImageInputs inputs,
      List<List<String>> texts,
      Vocabulary vocabulary,
      int maxWords) {
    if (names.size() != inputs.size() || names.size() != texts.size()) {
      throw new IllegalArgumentException(
          "Expected as many names as pictures and captions, got: %d, %d and %d"
              .formatted(names.size(), inputs.size(), texts.size()));
    }
    this.names = List.copyOf(names);
    this.inputs = inputs;
    this.texts = texts.stream().map(List::copyOf).toList();
    this.vocabulary = vocabulary;
    this.maxWords = maxWords;
    imageOf =
        IntStream.range(0, texts.size())
            .flatMap(i -> IntStream.generate(() -> i).limit(texts.get(i).size()))
            .toArray();
    firstOf = new int[texts.size()];
    for (int i = 1; i < firstOf.length; i++) {
      firstOf[i] = firstOf[i - 1] + texts.get(i - 1).size();
    }
    int[][] encoded = texts.stream().flatMap(List::stream).map(this::encode).toArray(int[][]::new);
    starts = new int[encoded.length + 1];
    for (int i = 0; i < encoded.length; i++) {
      starts[i + 1] = starts[i] + encoded[i].length;
    }
    tokens = Arrays.stream(encoded).flatMapToInt(Arrays::stream).toArray();
    longest = Arrays.stream(encoded).mapToInt(c -> c.length).max().orElse(0);
  }

  private int[] encode(String text) {
    List<String> words = Tokenizer.tokenize(text);
    return vocabulary.encode(words.subList(0, Math.min(maxWords, words.size())));
  }

  /** Number of captions. */
  public int size() {
    return imageOf.length;
  }

  /** Number of pictures. */
  public int images() {
    return names.size();
  }

  /** File name of a picture. */
  public String name(int image) {
    return names.get(image);
  }

  /** The pictures. */
  public ImageInputs inputs() {
    return inputs;
  }

  /** What numbers the words. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** The picture that {@code caption} is about. */
  public int imageOf(int caption) {
    return imageOf[caption];
  }

  /** The captions about {@code image}. */
  int[] captionsOf(int image) {
    int from = firstOf[image];
    return IntStream.range(from, from + texts.get(image).size()).toArray();
  }

  /** Number of tokens of a caption, {@code <START>} and {@code <END>} included. */
  public int length(int caption) {
    return starts[caption + 1] - starts[caption];
  }

  /** Token {@code position} of {@code caption}; position 0 is {@code <START>}. */
  public int token(int caption, int position) {
    return tokens[starts[caption] + position];
  }

  /** Number of tokens of the longest caption, {@code <START>} and {@code <END>} included. */
  public int longest() {
    return longest;
  }

  /** The captions of a picture as they were written. */
  public List<String> texts(int image) {
    return texts.get(image);
  }

  /** The captions of a picture as words, whole: what the metrics compare with. */
  public List<List<String>> references(int image) {
    return texts.get(image).stream().map(Tokenizer::tokenize).toList();
  }

  /** The first {@code count} pictures with their captions, or all if there are fewer. */
  public CaptionSet first(int count) {
    int n = Math.min(count, images());
    return new CaptionSet(
        names.subList(0, n),
        inputs.select(IntStream.range(0, n).toArray()),
        texts.subList(0, n),
        vocabulary,
        maxWords);
  }

  /** The same captions numbered by another vocabulary: a stored model's. */
  public CaptionSet withVocabulary(Vocabulary other) {
    return new CaptionSet(names, inputs, texts, other, maxWords);
  }

  /**
   * The same pictures under another normaliser: a stored model's.
   *
   * @throws DescryException if the set holds features instead of pictures
   */
  public CaptionSet normalized(ChannelNormalizer normalizer) {
    if (!(inputs instanceof PictureInputs pictures)) {
      throw new DataException("Expected pictures to normalise, the captions have features");
    }
    return new CaptionSet(names, pictures.normalized(normalizer), texts, vocabulary, maxWords);
  }
}
