package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.Activation;
import org.descry.kernel.BatchNorm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the layers with a map share that a batch normalisation, if so wished, and an activation
 * follow.
 */
public abstract class AbstractBlockLayer extends ExplicitLayer {
  AbstractBlockLayer() {}

  AbstractBlockLayer(Builder<?> builder) {
    super(builder);
  }

  /** The columns or channels that the map gives. */
  abstract long outputs();

  /** What is applied to the map: the rectifier, unless a layer says otherwise. */
  public Activation activation() {
    return Activation.RELU;
  }

  /** Whether a batch normalisation stands between map and activation. */
  public boolean normalizes() {
    return false;
  }

  /** The batch normalisation's constants, where there is one. */
  public BatchNorm.Rates rates() {
    return BatchNorm.Rates.USUAL;
  }

  /**
   * The layer as a SameDiff graph.
   *
   * @param training by the batch's own statistics, not by the running averages
   */
  abstract SDVariable define(SDVariable input, Map<String, SDVariable> params, boolean training);

  @Override
  public final List<String> state() {
    return normalizes() ? Normalization.STATE : List.of();
  }

  /** Adds those of the normalisation. */
  @Override
  public void defineParameters(SDLayerParams params) {
    if (normalizes()) {
      Normalization.define(params, outputs());
    }
  }

  /** Fills those of the normalisation. */
  @Override
  public void initializeParameters(Map<String, INDArray> params) {
    if (normalizes()) {
      Normalization.initialize(params);
    }
  }

  @Override
  public final SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return define(input, params, false);
  }

  @Override
  public final SDVariable defineTraining(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return define(input, params, true);
  }
}
