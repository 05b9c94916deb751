package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.LayerNorm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation, see {@link LayerNorm}, of rows N x D or of the steps of sequences N x T x D.
 * Output in the shape of the input. Parameters: gamma (D), beta (D).
 */
public final class LayerNormLayer extends ExplicitLayer {
  private long width;

  /** For JSON. */
  LayerNormLayer() {}

  private LayerNormLayer(Builder builder) {
    super(builder);
  }

  @Override
  protected ExplicitPass explicitPass() {
    LayerNorm kernel = new LayerNorm();
    return new KernelPass<>(
        in ->
            kernel.forward(
                in.x(),
                in.params().get(Normalization.GAMMA),
                in.params().get(Normalization.BETA),
                in.allocator()),
        LayerNorm.Cache::out,
        (dOut, cache, to) -> kernel.backward(dOut, cache, to.gamma(), to.beta(), to.allocator()));
  }

  @Override
  protected List<?> settings() {
    return List.of(width);
  }

  @Override
  protected void inferSizes(InputType inputType, boolean override) {
    if (width <= 0 || override) {
      width =
          inputType instanceof InputType.InputTypeFeedForward rows
              ? rows.getSize()
              : Sequences.width(inputType);
    }
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addBiasParam(Normalization.GAMMA, width);
    params.addBiasParam(Normalization.BETA, width);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    params.get(Normalization.GAMMA).assign(1);
    params.get(Normalization.BETA).assign(0);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable rows = sameDiff.reshape(input, -1, width);
    SDVariable difference = rows.sub(rows.mean(true, 1));
    SDVariable variance = difference.mul(difference).mean(true, 1);
    SDVariable out =
        difference
            .div(sameDiff.math().sqrt(variance.add(LayerNorm.EPSILON)))
            .mul(params.get(Normalization.GAMMA).reshape(1, -1))
            .add(params.get(Normalization.BETA).reshape(1, -1));
    long[] shape = input.placeholderShape();
    return shape.length == 2 ? out : sameDiff.reshape(out, -1, shape[1], width);
  }

  /** Builds the layer; it takes its width from the network's input type. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public LayerNormLayer build() {
      return new LayerNormLayer(this);
    }
  }
}
