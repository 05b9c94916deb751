package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.WordEmbedding;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Word vectors, see {@link WordEmbedding}. Input N x T words (whole numbers), output N x T x D.
 * Parameter: W (V x D). Words have no gradient.
 */
public final class WordEmbeddingLayer extends ExplicitLayer {
  private long vocabulary;
  private long width;

  /** For JSON. */
  WordEmbeddingLayer() {}

  private WordEmbeddingLayer(Builder builder) {
    super(builder);
    vocabulary = builder.vocabulary;
    width = builder.width;
    if (vocabulary < 1 || width < 1) {
      throw new IllegalArgumentException(
          "WordEmbeddingLayer: expected a vocabulary and a width of at least 1, got %s and %s"
              .formatted(vocabulary, width));
    }
  }

  @Override
  protected ExplicitPass explicitPass() {
    WordEmbedding kernel = new WordEmbedding();
    return new KernelPass<>(
        in -> kernel.forward(in.x(), in.weights(), in.allocator()),
        WordEmbedding.Cache::out,
        (dOut, cache, to) -> {
          kernel.backward(dOut, cache, to.weights());
          return null;
        });
  }

  @Override
  protected List<?> settings() {
    return List.of(vocabulary, width);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return Sequences.type(width, Sequences.steps(inputType));
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addWeightParam(WEIGHTS, vocabulary, width);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    initialize(params, vocabulary, width);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable rows = lookUp(input, params.get(WEIGHTS), vocabulary);
    return sameDiff.reshape(rows, -1, input.placeholderShape()[1], width);
  }

  /** The vectors of the words N x T as rows (N T) x D. */
  static SDVariable lookUp(SDVariable words, SDVariable weights, long vocabulary) {
    // A product with one-hot rows: M2.1 cannot differentiate gather while it trains.
    SameDiff sameDiff = words.getSameDiff();
    SDVariable oneHot = sameDiff.oneHot(words.castTo(DataType.INT), (int) vocabulary);
    return sameDiff.reshape(oneHot.castTo(weights.dataType()), -1, vocabulary).mmul(weights);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private long vocabulary;
    private long width;

    /** The number of words V. */
    public Builder vocabulary(long words) {
      vocabulary = words;
      return this;
    }

    /** The width D of a word's vector. */
    public Builder width(long dimension) {
      width = dimension;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public WordEmbeddingLayer build() {
      return new WordEmbeddingLayer(this);
    }
  }
}
