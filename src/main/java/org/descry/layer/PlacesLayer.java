package org.descry.layer;

import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.Places;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The places of maps one behind another, each with its channels side by side, see {@link Places}.
 * Input N x C x H x W, output N x (H W C); no parameters. What an {@link AttentionRnnVertex} looks
 * at.
 */
public final class PlacesLayer extends ExplicitLayer {
  /** For JSON. */
  PlacesLayer() {}

  private PlacesLayer(Builder builder) {
    super(builder);
  }

  @Override
  protected ExplicitPass explicitPass() {
    Places kernel = new Places();
    return KernelPass.ofInput(
        in -> kernel.forward(in.x(), in.allocator()), Places.Cache::out, kernel::backward);
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(
        AbstractConvLayer.images(getLayerName(), inputType).arrayElementsPerExample());
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    long[] shape = input.placeholderShape();
    return sameDiff.reshape(
        sameDiff.permute(input, 0, 2, 3, 1), -1, shape[1] * shape[2] * shape[3]);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public PlacesLayer build() {
      return new PlacesLayer(this);
    }
  }
}
