package org.descry.train.step;

import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The exponential moving average of a network's parameters: after step t, {@code a = d a + (1 - d)
 * w} with {@code d = min(decay, (1 + t) / (10 + t))}, so that the initial parameters are soon
 * forgotten (as TensorFlow's ExponentialMovingAverage with {@code num_updates}).
 */
public final class WeightAverage extends SlowWeights {
  private final double decay;

  public WeightAverage(ComputationGraph network, double decay) {
    super(network);
    this.decay = decay;
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    follow(1 - Math.min(decay, (1.0 + iteration) / (10.0 + iteration)));
  }
}
