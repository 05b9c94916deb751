package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.engine.Allocator;
import org.descry.kernel.Affine;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the affine layers share: parameters W (D x M) and b (M), input N x D or pictures N x C x H x
 * W.
 *
 * <p>Pictures are read channels-last, so that row (h W + w) C + c of the weights belongs to channel
 * c at (h, w): that is the order in which the convolutions leave them, and flattening costs
 * nothing.
 */
public abstract class AbstractAffineLayer extends ExplicitLayer {
  private long nIn;
  private long nOut;

  AbstractAffineLayer() {}

  AbstractAffineLayer(Builder<?> builder) {
    super(builder);
    nIn = builder.nIn;
    nOut = builder.nOut;
    if (nOut < 1) {
      throw new IllegalArgumentException(
          "%s: expected nOut of at least 1, got %d".formatted(name(), nOut));
    }
  }

  /** Applies the layer's nonlinearity in the SameDiff definition. */
  abstract SDVariable activation(SameDiff sameDiff, SDVariable affine);

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
  List<?> settings() {
    return List.of(nIn, nOut);
  }

  @Override
  void inferSizes(InputType inputType, boolean override) {
    if (nIn <= 0 || override) {
      nIn = inputType.arrayElementsPerExample();
    }
  }

  @Override
  public InputType getOutputType(int layerIndex, InputType inputType) {
    return InputType.feedForward(nOut);
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
    return activation(sameDiff, affine(sameDiff, input, params));
  }

  /** The affine map in the SameDiff definition. */
  final SDVariable affine(SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params) {
    SDVariable rows = input;
    if (input.placeholderShape() != null && input.placeholderShape().length == 4) {
      rows = sameDiff.reshape(sameDiff.permute(input, 0, 2, 3, 1), -1, nIn);
    }
    return rows.mmul(params.get(WEIGHTS)).add(params.get(BIAS));
  }

  /** The signature that {@link Affine} and its sandwiches share. */
  interface Forward {
    Affine.Cache forward(INDArray x, INDArray w, INDArray b, Allocator allocator);
  }

  /** The signature that {@link Affine} and its sandwiches share. */
  interface Backward {
    INDArray backward(
        INDArray dOut, Affine.Cache cache, INDArray dW, INDArray db, Allocator allocator);
  }

  static ExplicitPass pass(Forward forward, Backward backward) {
    return new ExplicitPass() {
      private Affine.Cache cache;
      private boolean pictures;

      @Override
      public INDArray forward(
          INDArray x,
          INDArray mask,
          boolean training,
          Map<String, INDArray> params,
          Allocator allocator) {
        pictures = x.rank() == 4;
        INDArray rows = pictures ? x.permute(0, 2, 3, 1) : x;
        cache = forward.forward(rows, params.get(WEIGHTS), params.get(BIAS), allocator);
        return cache.out();
      }

      @Override
      public INDArray backward(
          INDArray dOut, Map<String, INDArray> gradients, Allocator allocator) {
        INDArray dX =
            backward.backward(dOut, cache, gradients.get(WEIGHTS), gradients.get(BIAS), allocator);
        return pictures && dX != null ? dX.permute(0, 3, 1, 2) : dX;
      }
    };
  }

  /** Settings of the affine layers. */
  public abstract static class Builder<T extends Builder<T>> extends ExplicitLayer.Builder<T> {
    private long nIn;
    private long nOut;

    /** The input's width D; taken from the network's input type where it is not set. */
    @SuppressWarnings("unchecked")
    public T nIn(long width) {
      nIn = width;
      return (T) this;
    }

    /** The output's width M. */
    @SuppressWarnings("unchecked")
    public T nOut(long width) {
      nOut = width;
      return (T) this;
    }
  }
}
