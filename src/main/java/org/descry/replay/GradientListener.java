package org.descry.replay;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;

/**
 * Sees the gradients of each step, or changes them, also those of a {@link RecordedStep}: it looks
 * at the network's flattened gradients and its inputs alone.
 */
public abstract class GradientListener extends BaseTrainingListener {
  /** The gradients are there, summed over the batch; nothing has been made of them yet. */
  @Override
  public abstract void onGradientCalculation(Model model);
}
