package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.BatchNorm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation, see {@link BatchNorm}: vanilla on N x C, spatial on images N x C x H x W, as
 * the network's input type says. Output in the shape of the input. Parameters: gamma (C), beta (C),
 * and the running averages runningMean (C) and runningVariance (C), which no updater moves.
 */
public final class BatchNormLayer extends ExplicitLayer {
  private long channels;
  private boolean images;
  private double epsilon = BatchNorm.EPSILON;
  private double momentum = BatchNorm.MOMENTUM;

  /** For JSON. */
  BatchNormLayer() {}

  private BatchNormLayer(Builder builder) {
    super(builder);
    epsilon = builder.rates.epsilon();
    momentum = builder.rates.momentum();
  }

  /** Its constants. */
  public BatchNorm.Rates rates() {
    return new BatchNorm.Rates(epsilon, momentum);
  }

  @Override
  protected ExplicitPass explicitPass() {
    BatchNorm kernel = new BatchNorm(rates());
    return new KernelPass<>(
        in -> kernel.forward(in.x(), in.norm(), in.training(), in.allocator()),
        BatchNorm.Cache::out,
        (dOut, cache, to) -> {
          kernel.updateRunning(cache);
          Normalization.clearStateGradients(to.views());
          return kernel.backward(dOut, cache, to.gamma(), to.beta(), to.allocator());
        });
  }

  @Override
  public List<String> state() {
    return Normalization.STATE;
  }

  @Override
  protected List<?> settings() {
    return List.of(channels, images, epsilon, momentum);
  }

  @Override
  protected void inferSizes(InputType inputType, boolean override) {
    if (channels <= 0 || override) {
      images = inputType instanceof InputType.InputTypeConvolutional;
      channels =
          inputType instanceof InputType.InputTypeConvolutional convolutional
              ? convolutional.getChannels()
              : inputType.arrayElementsPerExample();
    }
  }

  @Override
  public void defineParameters(SDLayerParams params) {
    Normalization.define(params, channels);
  }

  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    Normalization.initialize(params);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return Normalization.define(input, params, rates(), images, false);
  }

  @Override
  public SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return Normalization.define(input, params, rates(), images, true);
  }

  /** Builds the layer; it takes its width from the network's input type. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    private BatchNorm.Rates rates = BatchNorm.Rates.USUAL;

    /** Its constants; {@link BatchNorm.Rates#USUAL} by default. */
    public Builder rates(BatchNorm.Rates constants) {
      rates = constants;
      return this;
    }

    @Override
    @SuppressWarnings("unchecked")
    public BatchNormLayer build() {
      return new BatchNormLayer(this);
    }
  }
}
