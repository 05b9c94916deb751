package org.descry.train.step;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.job.LookaheadSettings;

/**
 * Every few steps the slow weights go a part of the way to the trained ones, which go on from there
 * (Zhang et al. 2019, "Lookahead Optimizer: k steps forward, 1 step back"). Running statistics
 * follow as the weights do; momentum is kept.
 */
public final class Lookahead extends SlowWeights {
  private final LookaheadSettings settings;
  private final double steps;

  /**
   * @param steps of the whole training
   */
  public Lookahead(ComputationGraph network, LookaheadSettings settings, int steps) {
    super(network);
    this.settings = settings;
    this.steps = steps;
  }

  /** Before they have gone their first part of the way they are not worth a look. */
  @Override
  public Scope in(ComputationGraph network) {
    return network.getIterationCount() < settings.every() ? () -> {} : super.in(network);
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    int done = iteration + 1;
    if (done % settings.every() == 0) {
      double progress = Math.min(1, done / steps);
      follow(1 - (1 - settings.share()) * Math.pow(progress, settings.growth()));
      ((ComputationGraph) model).params().assign(weights());
    }
  }
}
