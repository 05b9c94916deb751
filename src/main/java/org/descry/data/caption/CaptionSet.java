package org.descry.data.caption;

import java.util.List;
import java.util.stream.IntStream;
import org.descry.DataException;
import org.descry.DescryException;
import org.descry.data.Fingerprint;
import org.descry.data.image.ChannelNormalizer;

/**
 * Images with their captions, several an image. Immutable; an image is held once however many
 * captions it has, and sets of the same captions under another normaliser share them.
 */
public final class CaptionSet {
  private final Captions captions;
  private final ImageInputs inputs;

  /**
   * @param names file name of each image
   * @param inputs the images, in the same order
   * @param texts the captions of each image, as they were written
   * @param vocabulary what numbers the words
   * @param maxWords words of a caption after the first {@code maxWords} are not learnt
   */
  public CaptionSet(
      List<String> names,
      ImageInputs inputs,
      List<List<String>> texts,
      Vocabulary vocabulary,
      int maxWords) {
    this(new Captions(names, sentences(names, texts), vocabulary, maxWords), inputs);
  }

  CaptionSet(Captions captions, ImageInputs inputs) {
    if (captions.images() != inputs.size()) {
      throw new IllegalArgumentException(
          "Expected captions of as many images as there are, got: %s and %s"
              .formatted(captions.images(), inputs.size()));
    }
    this.captions = captions;
    this.inputs = inputs;
  }

  private static List<List<Sentence>> sentences(List<String> names, List<List<String>> texts) {
    if (names.size() != texts.size()) {
      throw new IllegalArgumentException(
          "Expected as many names as images with captions, got: %s and %s"
              .formatted(names.size(), texts.size()));
    }
    return texts.stream().map(of -> of.stream().map(Sentence::of).toList()).toList();
  }

  /** Number of captions. */
  public int size() {
    return captions.size();
  }

  /** Number of images. */
  public int images() {
    return captions.images();
  }

  /** File name of an image. */
  public String name(int image) {
    return captions.name(image);
  }

  /** The images. */
  public ImageInputs inputs() {
    return inputs;
  }

  /** What numbers the words. */
  public Vocabulary vocabulary() {
    return captions.vocabulary();
  }

  /** The image that {@code caption} is about. */
  int imageOf(int caption) {
    return captions.imageOf(caption);
  }

  /** The captions about {@code image}. */
  int[] captionsOf(int image) {
    return captions.captionsOf(image);
  }

  /** Number of tokens of a caption, {@code <START>} and {@code <END>} included. */
  public int length(int caption) {
    return captions.length(caption);
  }

  /** Token {@code position} of {@code caption}; position 0 is {@code <START>}. */
  public int token(int caption, int position) {
    return captions.token(caption, position);
  }

  /** All captions, one behind another. */
  int[] tokens() {
    return captions.tokens();
  }

  /** Adds all of it. */
  public void addTo(Fingerprint fingerprint) {
    inputs.addTo(fingerprint);
    for (int image = 0; image < images(); image++) {
      fingerprint.add(name(image)).add(texts(image));
    }
  }

  /** Where {@code caption} begins in {@link #tokens}. */
  int start(int caption) {
    return captions.start(caption);
  }

  /** Number of tokens of the longest caption, {@code <START>} and {@code <END>} included. */
  public int longest() {
    return captions.longest();
  }

  /** The captions of an image as they were written. */
  public List<String> texts(int image) {
    return captions.texts(image);
  }

  /** The captions of an image as words, whole: what the metrics compare with. */
  public List<List<String>> references(int image) {
    return captions.words(image);
  }

  /** The first {@code count} images with their captions, or all if there are fewer. */
  public CaptionSet first(int count) {
    int n = Math.min(count, images());
    return n == images()
        ? this
        : new CaptionSet(captions.first(n), inputs.select(IntStream.range(0, n).toArray()));
  }

  /** The same captions numbered by another vocabulary: a stored model's. */
  public CaptionSet withVocabulary(Vocabulary other) {
    return new CaptionSet(captions.numberedBy(other), inputs);
  }

  /**
   * The same images under another normaliser: a stored model's.
   *
   * @throws DescryException if the set holds features instead of images
   */
  public CaptionSet normalized(ChannelNormalizer normalizer) {
    if (!(inputs instanceof PixelInputs images)) {
      throw new DataException("Expected images to normalise, the captions have features");
    }
    return new CaptionSet(captions, images.normalized(normalizer));
  }
}
