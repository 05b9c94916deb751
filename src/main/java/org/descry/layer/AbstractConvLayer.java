package org.descry.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.ConvBlock;
import org.descry.kernel.Window;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the convolutional layers share: parameters W (F x C x HH x WW) and b (F), input N x C x H x
 * W.
 */
public abstract class AbstractConvLayer extends AbstractBlockLayer {
  private long channels;
  private long filters;
  private int[] kernel;
  private int[] stride;
  private int[] padding;
  private int[] dilation = {1, 1};

  AbstractConvLayer() {}

  AbstractConvLayer(Builder<?> builder) {
    super(builder);
    channels = builder.channels;
    filters = builder.filters;
    kernel = builder.kernel;
    stride = builder.stride;
    dilation = builder.dilation;
    padding =
        builder.padding == null
            ? new int[] {(kernel[0] - 1) * dilation[0] / 2, (kernel[1] - 1) * dilation[1] / 2}
            : builder.padding;
    if (filters < 1) {
      throw new IllegalArgumentException(
          "%s: expected at least 1 filter, got %s".formatted(getClass().getSimpleName(), filters));
    }
    Window window = window();
    if (padding[0] > window.reachHeight() || padding[1] > window.reachWidth()) {
      throw new IllegalArgumentException(
          "%s: expected a padding of at most the filters' %s x %s, since what lies beyond is zero, got %s x %s"
              .formatted(
                  getClass().getSimpleName(),
                  window.reachHeight(),
                  window.reachWidth(),
                  padding[0],
                  padding[1]));
    }
  }

  /** Whether the pooling stands right after the convolution, not last. */
  public boolean poolsEarly() {
    return false;
  }

  /** The window of the pooling that follows, or null. */
  Window poolWindow() {
    return null;
  }

  @Override
  protected final ExplicitPass explicitPass() {
    ConvBlock kernel =
        new ConvBlock(
            window(), normalizes() ? rates() : null, activation(), poolWindow(), poolsEarly());
    return new KernelPass<>(
        in -> kernel.forward(in.x(), in.block(), in.training(), in.allocator()),
        ConvBlock.Cache::out,
        (dOut, cache, to) -> {
          if (normalizes()) {
            kernel.updateRunning(cache);
            Normalization.clearStateGradients(to.views());
          }
          return kernel.backward(dOut, cache, to.block(), to.allocator());
        });
  }

  /** The convolution's window. */
  public final Window window() {
    return new Window(
        kernel[0],
        kernel[1],
        stride[0],
        stride[1],
        padding[0],
        padding[1],
        dilation[0],
        dilation[1]);
  }

  /** C, or 0 as long as the input is not known. */
  public final long channels() {
    return channels;
  }

  /** F. */
  public final long filters() {
    return filters;
  }

  @Override
  final long outputs() {
    return filters;
  }

  @Override
  protected List<?> settings() {
    List<Object> settings = new ArrayList<>(List.of(channels, filters));
    for (int[] pair : List.of(kernel, stride, padding, dilation)) {
      settings.add(Arrays.toString(pair));
    }
    return settings;
  }

  static InputType.InputTypeConvolutional images(String layer, InputType inputType) {
    if (inputType instanceof InputType.InputTypeConvolutional images) {
      return images;
    }
    throw new IllegalArgumentException(
        "%s: expected images as input, got %s".formatted(layer, inputType));
  }

  @Override
  protected void inferSizes(InputType inputType, boolean override) {
    if (channels <= 0 || override) {
      channels = images(getLayerName(), inputType).getChannels();
    }
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    InputType.InputTypeConvolutional in = images(getLayerName(), inputType);
    Window window = window();
    long height = window.outHeight(in.getHeight());
    long width = window.outWidth(in.getWidth());
    Window pool = poolWindow();
    return pool == null
        ? InputType.convolutional(height, width, filters)
        : InputType.convolutional(pool.outHeight(height), pool.outWidth(width), filters);
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addWeightParam(WEIGHTS, filters, channels, kernel[0], kernel[1]);
    params.addBiasParam(BIAS, filters);
    super.defineParameters(params);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    long pixels = (long) kernel[0] * kernel[1];
    initialize(params, (double) channels * pixels, (double) filters * pixels);
    super.initializeParameters(params);
  }

  @Override
  final SDVariable define(SDVariable input, Map<String, SDVariable> params, boolean training) {
    SDVariable map =
        ConvDefinition.convolution(input, params.get(WEIGHTS), params.get(BIAS), window());
    SDVariable seen = poolsEarly() ? ConvDefinition.pooled(map, poolWindow()) : map;
    if (normalizes()) {
      seen = Normalization.define(seen, params, rates(), true, training);
    }
    SDVariable activated = activation().define(seen);
    return poolsEarly() ? activated : ConvDefinition.pooled(activated, poolWindow());
  }

  /** Settings of the convolutional layers. */
  public abstract static class Builder<T extends Builder<T>> extends ExplicitLayer.Builder<T> {
    private long channels;
    private long filters;
    private int[] kernel = {3, 3};
    private int[] stride = {1, 1};
    private int[] padding;
    private int[] dilation = {1, 1};

    /** The input's channels C; taken from the network's input type where it is not set. */
    public T channels(long count) {
      channels = count;
      return self();
    }

    /** The number of filters F. */
    public T filters(long count) {
      filters = count;
      return self();
    }

    /** The filters' height and width; 3 x 3 by default. */
    public T kernel(int height, int width) {
      kernel = new int[] {height, width};
      return self();
    }

    /** The strides; 1 x 1 by default. */
    public T stride(int height, int width) {
      stride = new int[] {height, width};
      return self();
    }

    /** Size, strides, padding and dilation at once. */
    public T window(Window window) {
      kernel(window.height(), window.width());
      stride(window.strideHeight(), window.strideWidth());
      dilation(window.dilationHeight(), window.dilationWidth());
      return padding(window.padHeight(), window.padWidth());
    }

    /** The steps between the pixels that a filter looks at; 1 x 1 by default. */
    public T dilation(int height, int width) {
      dilation = new int[] {height, width};
      return self();
    }

    /**
     * The zero padding on each side; by default half the filter, which keeps the size at stride 1.
     */
    public T padding(int height, int width) {
      padding = new int[] {height, width};
      return self();
    }
  }
}
