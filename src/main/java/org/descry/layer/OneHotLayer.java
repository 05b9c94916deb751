package org.descry.layer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.OneHot;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Words as unit vectors, see {@link OneHot}. Input N x T words (whole numbers in the network's
 * type), output N x T x V. No parameters; words have no gradient.
 */
public final class OneHotLayer extends ExplicitLayer {
  private int vocabulary;

  /** For JSON. */
  OneHotLayer() {}

  private OneHotLayer(Builder builder) {
    super(builder);
    vocabulary = builder.vocabulary;
    if (vocabulary < 1) {
      throw new IllegalArgumentException(
          "OneHotLayer: expected a vocabulary of at least 1, got " + vocabulary);
    }
  }

  /** V. */
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  protected ExplicitPass explicitPass() {
    OneHot kernel = new OneHot(vocabulary);
    return new KernelPass<INDArray>(
        in -> kernel.forward(in.x(), in.x().dataType(), in.allocator()),
        Function.identity(),
        (dOut, cache, to) -> null);
  }

  @Override
  protected List<?> settings() {
    return List.of(vocabulary);
  }

  @Override
  public void applyGlobalConfigToLayer(NeuralNetConfiguration.Builder global) {
    // There are no weights to initialise.
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return Sequences.type(vocabulary, Sequences.steps(inputType));
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return sameDiff.oneHot(input.castTo(DataType.INT), vocabulary).castTo(input.dataType());
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private int vocabulary;

    /** The number of words V. */
    public Builder vocabulary(int words) {
      vocabulary = words;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public OneHotLayer build() {
      return new OneHotLayer(this);
    }
  }
}
