package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.BatchNorm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the layers with a batch normalisation share: its parameters, its state and its SameDiff
 * definitions.
 *
 * <p>The running averages are parameters that no updater moves, so that they are saved, loaded and
 * cloned with the others. Their gradient is always zero, which clipping, the division by the batch
 * size and the other gradients' norm cannot touch; the backward pass, which runs once a training
 * step and never in scoring or prediction, moves them itself.
 */
public final class Normalization {
  // DL4J takes what follows the last underscore of "layer_parameter" for the parameter's name.

  /** The scales' parameter name. */
  public static final String GAMMA = "gamma";

  /** The shifts' parameter name. */
  public static final String BETA = "beta";

  /** The running means' parameter name. */
  public static final String RUNNING_MEAN = "runningMean";

  /** The running variances' parameter name. */
  public static final String RUNNING_VARIANCE = "runningVariance";

  /** The parameters that are not trained. */
  static final List<String> STATE = List.of(RUNNING_MEAN, RUNNING_VARIANCE);

  private Normalization() {}

  static void define(SDLayerParams params, long channels) {
    for (String name : List.of(GAMMA, BETA, RUNNING_MEAN, RUNNING_VARIANCE)) {
      params.addBiasParam(name, channels);
    }
  }

  static void initialize(Map<String, INDArray> params) {
    params.get(GAMMA).assign(1);
    params.get(BETA).assign(0);
    STATE.forEach(name -> params.get(name).assign(0));
  }

  static BatchNorm.Parameters parameters(Map<String, INDArray> params) {
    return new BatchNorm.Parameters(
        params.get(GAMMA),
        params.get(BETA),
        params.get(RUNNING_MEAN),
        params.get(RUNNING_VARIANCE));
  }

  static void clearStateGradients(Map<String, INDArray> gradients) {
    STATE.forEach(name -> gradients.get(name).assign(0));
  }

  /**
   * The normalisation as a SameDiff graph.
   *
   * @param training by the batch's own mean and variance, not by the running averages
   */
  static SDVariable define(
      SDVariable x,
      Map<String, SDVariable> params,
      BatchNorm.Rates rates,
      boolean images,
      boolean training) {
    if (!training) {
      SDVariable mean = row(params.get(RUNNING_MEAN), images);
      return scaled(x.sub(mean), row(params.get(RUNNING_VARIANCE), images), params, rates, images);
    }
    int[] axes = images ? new int[] {0, 2, 3} : new int[] {0};
    SDVariable difference = x.sub(x.mean(true, axes));
    return scaled(difference, difference.mul(difference).mean(true, axes), params, rates, images);
  }

  private static SDVariable scaled(
      SDVariable difference,
      SDVariable variance,
      Map<String, SDVariable> params,
      BatchNorm.Rates rates,
      boolean images) {
    SDVariable std = difference.getSameDiff().math().sqrt(variance.add(rates.epsilon()));
    return difference
        .div(std)
        .mul(row(params.get(GAMMA), images))
        .add(row(params.get(BETA), images));
  }

  private static SDVariable row(SDVariable vector, boolean images) {
    return images ? vector.reshape(1, -1, 1, 1) : vector.reshape(1, -1);
  }
}
