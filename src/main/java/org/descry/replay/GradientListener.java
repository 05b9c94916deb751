package org.descry.replay;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Hears of the gradients of each step, which a {@link RecordedStep} is not in the way of: it looks
 * at the network's flattened gradients and its inputs alone.
 */
public abstract class GradientListener extends BaseTrainingListener {
  /** The gradients are there, summed over the batch; nothing has been made of them yet. */
  @Override
  public abstract void onGradientCalculation(Model model);
}
