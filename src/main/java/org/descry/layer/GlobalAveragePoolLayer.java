package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.GlobalAveragePool;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The mean of each channel over its map, see {@link GlobalAveragePool}. Input N x C x H x W, output
 * N x C; no parameters.
 */
public final class GlobalAveragePoolLayer extends ExplicitLayer {
  /** For JSON. */
  GlobalAveragePoolLayer() {}

  private GlobalAveragePoolLayer(Builder builder) {
    super(builder);
  }

  @Override
  protected ExplicitPass explicitPass() {
    GlobalAveragePool kernel = new GlobalAveragePool();
    return KernelPass.ofInput(
        in -> kernel.forward(in.x(), in.allocator()),
        GlobalAveragePool.Cache::out,
        kernel::backward);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(AbstractConvLayer.images(getLayerName(), inputType).getChannels());
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return input.mean(2, 3);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public GlobalAveragePoolLayer build() {
      return new GlobalAveragePoolLayer(this);
    }
  }
}
