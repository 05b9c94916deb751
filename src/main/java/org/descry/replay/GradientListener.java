package org.descry.replay;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sees the gradients of each step, or changes them, also those of a {@link RecordedStep}: it looks
 * at the network's flattened gradients and its inputs alone.
 */
public abstract class GradientListener extends BaseTrainingListener {
  private String layer;
  private int latest = -1;

  /** The gradients are there, summed over the batch; nothing has been made of them yet. */
  @Override
  public abstract void onGradientCalculation(Model model);

  /**
   * To be called where a norm of the gradients turns out not to be finite: remembers where that
   * began, for as long as it goes on from step to step.
   */
  protected final void notFinite(ComputationGraph network) {
    int step = network.getIterationCount();
    if (layer == null || step != latest + 1) {
      layer = first(network);
    }
    latest = step;
  }

  /** The layer nearest to the loss, where gradients begin; null if a norm alone is too large. */
  private static String first(ComputationGraph network) {
    String first = null;
    for (Layer of : network.getLayers()) {
      INDArray gradient = of.getGradientsViewArray();
      if (gradient != null && !Double.isFinite(gradient.sumNumber().doubleValue())) {
        first = of.conf().getLayer().getLayerName();
      }
    }
    return first;
  }

  /**
   * The layer whose gradients were the first that were not finite, if those of the latest step that
   * was done were not either; null if they were, or if this listener does not look.
   */
  public final String firstNotFinite(ComputationGraph network) {
    return latest == network.getIterationCount() - 1 ? layer : null;
  }
}
