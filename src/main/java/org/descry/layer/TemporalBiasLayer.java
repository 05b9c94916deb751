package org.descry.layer;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.TemporalBias;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A bias at every step of a sequence, see {@link TemporalBias}. Input and output N x T x M.
 * Parameter: b (M).
 */
public final class TemporalBiasLayer extends ExplicitLayer {
  private long width;

  /** For JSON. */
  TemporalBiasLayer() {}

  private TemporalBiasLayer(Builder builder) {
    super(builder);
  }

  @Override
  protected ExplicitPass explicitPass() {
    TemporalBias kernel = new TemporalBias();
    return new KernelPass<INDArray>(
        in -> kernel.forward(in.x(), in.bias(), in.allocator()),
        Function.identity(),
        (dOut, cache, to) -> kernel.backward(dOut, to.bias(), to.allocator()));
  }

  @Override
  protected List<?> settings() {
    return List.of(width);
  }

  @Override
  protected void inferSizes(InputType inputType, boolean override) {
    if (width <= 0 || override) {
      width = Sequences.width(inputType);
    }
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addBiasParam(BIAS, width);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    params.get(BIAS).assign(0);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    SDVariable rows = sameDiff.reshape(input, -1, width).add(params.get(BIAS));
    return sameDiff.reshape(rows, -1, input.placeholderShape()[1], width);
  }

  /** Builds the layer; it takes its width from the network's input type. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public TemporalBiasLayer build() {
      return new TemporalBiasLayer(this);
    }
  }
}
