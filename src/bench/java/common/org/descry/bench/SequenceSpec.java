package org.descry.bench;

/**
 * A recurrent network over words: word vectors, a stack of recurrent layers, an affine layer to the
 * scores of all words and a softmax loss against the word that follows. With features, an affine
 * layer turns them into the initial state of its single recurrent layer, an LSTM's cell and hidden
 * state.
 *
 * @param features the width of an image's features; 0 for none
 * @param vocabulary the number of words
 * @param embedding the width of a word's vector
 * @param hidden the width of a layer's state
 * @param layers the number of recurrent layers
 * @param steps the length of a training sequence
 * @param lstm whether the layers are LSTMs, else they are vanilla ones
 */
public record SequenceSpec(
    int features, int vocabulary, int embedding, int hidden, int layers, int steps, boolean lstm) {

  /** A captioner on ready-made features. */
  public static final SequenceSpec CAPTIONER = new SequenceSpec(512, 1004, 256, 512, 1, 16, false);

  /** A captioner on ready-made features with an LSTM. */
  public static final SequenceSpec LSTM_CAPTIONER =
      new SequenceSpec(512, 1004, 256, 512, 1, 16, true);

  /** A language model of two layers. */
  public static final SequenceSpec LANGUAGE_MODEL = languageModel(32, false);

  /** A language model of two LSTM layers. */
  public static final SequenceSpec LSTM_LANGUAGE_MODEL = languageModel(32, true);

  static SequenceSpec languageModel(int steps, boolean lstm) {
    return new SequenceSpec(0, 1000, 128, 256, 2, steps, lstm);
  }

  public SequenceSpec {
    if (features > 0 && layers != 1) {
      throw new IllegalArgumentException("expected a single layer above features, got: " + layers);
    }
  }

  public boolean hasFeatures() {
    return features > 0;
  }

  /** Preactivations a unit of a recurrent layer has. */
  public int gates() {
    return lstm ? 4 : 1;
  }

  /** The width of the state that features lead to. */
  public int stateWidth() {
    return lstm ? 2 * hidden : hidden;
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
    return (double) features * stateWidth();
  }

  private double wordProducts() {
    double products = (double) hidden * vocabulary;
    for (int layer = 0; layer < layers; layer++) {
      products += (double) (layerInput(layer) + hidden) * gates() * hidden;
    }
    return products;
  }
}
