package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.descry.engine.Seeding;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What a network's configuration needs to know of its training.
 *
 * @param seed of the initial parameters; any value, 0 too
 * @param updater the update rule
 * @param l2 the coefficient of half the squared weights in the loss; 0 for none
 * @param weightDecay the share of a weight that a step takes away, times the learning rate and
 *     apart from the gradient; 0 for none
 * @param clipping how gradients are clipped, layer by layer
 * @param clippingThreshold the norm or value at which they are
 * @param type FLOAT, or DOUBLE for gradient checks
 * @param biasUpdater the update rule of biases and of batch norms' parameters; null for the same
 */
public record NetworkSettings(
    long seed,
    IUpdater updater,
    double l2,
    double weightDecay,
    GradientNormalization clipping,
    double clippingThreshold,
    DataType type,
    IUpdater biasUpdater) {
  /** With one update rule for all. */
  public NetworkSettings(
      long seed,
      IUpdater updater,
      double l2,
      double weightDecay,
      GradientNormalization clipping,
      double clippingThreshold,
      DataType type) {
    this(seed, updater, l2, weightDecay, clipping, clippingThreshold, type, null);
  }

  public NetworkSettings {
    Settings.atLeastZero("l2", l2);
    Settings.atLeastZero("weightDecay", weightDecay);
    if (l2 > 0 && weightDecay > 0) {
      throw new IllegalArgumentException(
          "expected l2 or weightDecay, since DL4J takes one of them, got %s and %s"
              .formatted(l2, weightDecay));
    }
  }

  /** FLOAT, no regularisation, no clipping. */
  public static NetworkSettings of(long seed, IUpdater updater) {
    return new NetworkSettings(seed, updater, 0, 0, GradientNormalization.None, 1, DataType.FLOAT);
  }

  /** The same with another L2 coefficient. */
  public NetworkSettings withL2(double coefficient) {
    return new NetworkSettings(
        seed, updater, coefficient, weightDecay, clipping, clippingThreshold, type, biasUpdater);
  }

  /** The same in another floating-point type. */
  public NetworkSettings withType(DataType other) {
    return new NetworkSettings(
        seed, updater, l2, weightDecay, clipping, clippingThreshold, other, biasUpdater);
  }

  GraphBuilder graph() {
    NeuralNetConfiguration.Builder network =
        new NeuralNetConfiguration.Builder()
            .seed(Seeding.nonZero(seed))
            .dataType(type)
            .updater(updater)
            .l2(l2)
            .gradientNormalization(clipping)
            .gradientNormalizationThreshold(clippingThreshold);
    if (biasUpdater != null) {
      network.biasUpdater(biasUpdater);
    }
    if (weightDecay > 0) {
      network.weightDecay(weightDecay, true);
    }
    return network.graphBuilder();
  }
}
