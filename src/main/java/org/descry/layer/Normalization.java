package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.samediff.SDLayerParams;
import org.descry.kernel.BatchNorm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
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

  /** The normalisation by the running averages: what a trained network does. */
  static SDVariable defineTesting(SDVariable x, Map<String, SDVariable> params, boolean images) {
    return define(
        x,
        row(params.get(RUNNING_MEAN), images),
        row(params.get(RUNNING_VARIANCE), images),
        params,
        images);
  }

  /** The normalisation by the batch's own mean and variance. */
  static SDVariable defineTraining(SDVariable x, Map<String, SDVariable> params, boolean images) {
    int[] axes = images ? new int[] {0, 2, 3} : new int[] {0};
    SDVariable mean = x.mean(true, axes);
    SDVariable difference = x.sub(mean);
    SDVariable variance = difference.mul(difference).mean(true, axes);
    return define(x, mean, variance, params, images);
  }

  private static SDVariable define(
      SDVariable x,
      SDVariable mean,
      SDVariable variance,
      Map<String, SDVariable> params,
      boolean images) {
    SameDiff sameDiff = x.getSameDiff();
    SDVariable std = sameDiff.math().sqrt(variance.add(BatchNorm.EPSILON));
    return x.sub(mean)
        .div(std)
        .mul(row(params.get(GAMMA), images))
        .add(row(params.get(BETA), images));
  }

  private static SDVariable row(SDVariable vector, boolean images) {
    return images ? vector.reshape(1, -1, 1, 1) : vector.reshape(1, -1);
  }
}
