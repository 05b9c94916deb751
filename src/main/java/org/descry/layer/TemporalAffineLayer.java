package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.TemporalAffine;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The affine map at every step of a sequence, see {@link TemporalAffine}. Input N x T x D, output N
 * x T x M. Parameters: W (D x M), b (M).
 */
public final class TemporalAffineLayer extends ExplicitLayer {
  private long nIn;
  private long nOut;

  /** For JSON. */
  TemporalAffineLayer() {}

  private TemporalAffineLayer(Builder builder) {
    super(builder);
    nIn = builder.nIn;
    nOut = builder.nOut;
    if (nOut < 1) {
      throw new IllegalArgumentException(
          "TemporalAffineLayer: expected nOut of at least 1, got " + nOut);
    }
  }

  @Override
  ExplicitPass explicitPass() {
    TemporalAffine kernel = new TemporalAffine();
    return new KernelPass<>(
        in -> kernel.forward(in.x(), in.weights(), in.bias(), in.allocator()),
        TemporalAffine.Cache::out,
        (dOut, cache, to) -> kernel.backward(dOut, cache, to.weights(), to.bias(), to.allocator()));
  }

  @Override
  List<?> settings() {
    return List.of(nIn, nOut);
  }

  @Override
  void inferSizes(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      nIn = Sequences.width(inputType);
    }
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return Sequences.type(nOut, Sequences.steps(inputType));
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addWeightParam(WEIGHTS, nIn, nOut);
    params.addBiasParam(BIAS, nOut);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    initialize(params, nIn, nOut);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable rows = sameDiff.reshape(input, -1, nIn);
    SDVariable out = rows.mmul(params.get(WEIGHTS)).add(params.get(BIAS));
    return sameDiff.reshape(out, -1, input.placeholderShape()[1], nOut);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private long nIn;
    private long nOut;

    /** The input's width D; taken from the network's input type where it is not set. */
    public Builder nIn(long width) {
      nIn = width;
      return this;
    }

    /** The output's width M. */
    public Builder nOut(long width) {
      nOut = width;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public TemporalAffineLayer build() {
      return new TemporalAffineLayer(this);
    }
  }
}
