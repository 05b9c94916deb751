package org.descry.bench;

/**
 * A recurrent network over words: word vectors, a stack of vanilla recurrent layers, an affine
 * layer to the scores of all words and a softmax loss against the word that follows. With features,
 * an affine layer turns them into the initial state of its single recurrent layer.
 *
 * @param features the width of an image's features; 0 for none
 * @param vocabulary the number of words
 * @param embedding the width of a word's vector
 * @param hidden the width of a layer's state
 * @param layers the number of recurrent layers
 * @param steps the length of a training sequence
 */
public record SequenceSpec(
    int features, int vocabulary, int embedding, int hidden, int layers, int steps) {

  /** A captioner on ready-made features. */
  public static final SequenceSpec CAPTIONER = new SequenceSpec(512, 1004, 256, 512, 1, 16);

  /** A language model of two layers. */
  public static final SequenceSpec LANGUAGE_MODEL = new SequenceSpec(0, 1000, 128, 256, 2, 32);

  public SequenceSpec {
    if (features > 0 && layers != 1) {
      throw new IllegalArgumentException("expected a single layer above features, got: " + layers);
    }
  }

  public boolean hasFeatures() {
    return features > 0;
  }

  /** The width of what recurrent layer {@code layer} reads, the lowest being 0. */
  public int layerInput(int layer) {
    return layer == 0 ? embedding : hidden;
  }

  /**
   * Floating-point operations of a training step: products alone, forward, weight gradients and
   * input gradients, except that of the features, which no one needs.
   */
  public double stepFlops(int batch) {
    return 2.0 * batch * (2 * projectionProducts() + 3 * steps * wordProducts());
  }

  /** Floating-point operations of generating {@code words} words for each of {@code batch} rows. */
  public double generationFlops(int batch, int words) {
    return 2.0 * batch * (projectionProducts() + words * wordProducts());
  }

  private double projectionProducts() {
    return (double) features * hidden;
  }

  private double wordProducts() {
    double products = (double) hidden * vocabulary;
    for (int layer = 0; layer < layers; layer++) {
      products += (double) (layerInput(layer) + hidden) * hidden;
    }
    return products;
  }
}
