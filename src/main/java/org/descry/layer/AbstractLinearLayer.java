package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the layers with an affine map share: parameters W (D x M) and b (M). */
abstract class AbstractLinearLayer extends AbstractBlockLayer {
  private long nIn;
  private long nOut;

  AbstractLinearLayer() {}

  AbstractLinearLayer(Builder<?> builder) {
    super(builder);
    nIn = builder.nIn;
    nOut = builder.nOut;
    if (nOut < 1) {
      throw new IllegalArgumentException(
          "%s: expected nOut of at least 1, got %s".formatted(name(), nOut));
    }
  }

  private String name() {
    return getClass().getSimpleName() + (layerName == null ? "" : " \"" + layerName + "\"");
  }

  /** D, or 0 as long as the input is not known. */
  public final long nIn() {
    return nIn;
  }

  /** M. */
  public final long nOut() {
    return nOut;
  }

  @Override
  final long outputs() {
    return nOut;
  }

  /** D of an input. */
  abstract long width(InputType inputType);

  @Override
  protected List<?> settings() {
    return List.of(nIn, nOut);
  }

  @Override
  protected final void inferSizes(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      nIn = width(inputType);
    }
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    params.addWeightParam(WEIGHTS, nIn, nOut);
    params.addBiasParam(BIAS, nOut);
    super.defineParameters(params);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    initialize(params, nIn, nOut);
    super.initializeParameters(params);
  }

  /** Settings of the layers with an affine map. */
  public abstract static class Builder<T extends Builder<T>> extends ExplicitLayer.Builder<T> {
    private long nIn;
    private long nOut;

    /** The input's width D; taken from the network's input type where it is not set. */
    public T nIn(long width) {
      nIn = width;
      return self();
    }

    /** The output's width M. */
    public T nOut(long width) {
      nOut = width;
      return self();
    }
  }
}
