package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.IdentityShortcut;
import org.descry.kernel.Window;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The shortcut without parameters of a residual block that widens or shrinks its maps, see {@link
 * IdentityShortcut}. Input N x C x H x W, output N x F x OH x OW; no parameters.
 *
 * <p>Its SameDiff definition and its export are a 1 x 1 convolution with constant weights.
 */
public final class IdentityShortcutLayer extends ExplicitLayer {
  private long inChannels;
  private long channels;
  private int stride;

  /** For JSON. */
  IdentityShortcutLayer() {}

  private IdentityShortcutLayer(Builder builder) {
    super(builder);
    channels = builder.channels;
    stride = builder.stride;
    explicitPass();
  }

  @Override
  protected ExplicitPass explicitPass() {
    IdentityShortcut kernel = new IdentityShortcut(channels, stride);
    return KernelPass.ofInput(
        in -> kernel.forward(in.x(), in.allocator()),
        IdentityShortcut.Cache::out,
        kernel::backward);
  }

  /** C, or 0 as long as the input is not known. */
  public long inChannels() {
    return inChannels;
  }

  /** F. */
  public long channels() {
    return channels;
  }

  /** The window of the convolution that does the same. */
  public Window window() {
    return new Window(1, 1, stride, stride, 0, 0);
  }

  /** The weights of the convolution that does the same, F x C x 1 x 1. */
  public INDArray weights(DataType type) {
    INDArray weights = Nd4j.zeros(type, channels, inChannels, 1, 1);
    for (long c = 0; c < inChannels; c++) {
      weights.putScalar(new long[] {c, c, 0, 0}, 1);
    }
    return weights;
  }

  @Override
  protected List<?> settings() {
    return List.of(inChannels, channels, stride);
  }

  @Override
  protected void inferSizes(InputType inputType, boolean override) {
    if (inChannels <= 0 || override) {
      inChannels = AbstractConvLayer.images(getLayerName(), inputType).getChannels();
    }
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputType.InputTypeConvolutional in = AbstractConvLayer.images(getLayerName(), inputType);
    Window window = window();
    return InputType.convolutional(
        window.outHeight(in.getHeight()), window.outWidth(in.getWidth()), channels);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return ConvDefinition.convolution(
        input,
        sameDiff.constant(weights(input.dataType())),
        sameDiff.constant(Nd4j.zeros(input.dataType(), channels)),
        window());
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private long channels;
    private int stride = 1;

    /** The channels F of the output, at least those of the input. */
    public Builder channels(long count) {
      channels = count;
      return this;
    }

    /** From a pixel that is taken to the next; 1 by default. */
    public Builder stride(int step) {
      stride = step;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public IdentityShortcutLayer build() {
      return new IdentityShortcutLayer(this);
    }
  }
}
