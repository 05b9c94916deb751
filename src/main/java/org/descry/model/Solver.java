package org.descry.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * What a network's configuration needs to know of its training.
 *
 * @param seed of the initial parameters; any value, 0 too
 * @param updater the update rule
 * @param l2 the coefficient of half the squared weights in the loss; 0 for none
 * @param clipping how gradients are clipped, layer by layer
 * @param clippingThreshold the norm or value at which they are
 * @param type FLOAT, or DOUBLE for gradient checks
 */
public record Solver(
    long seed,
    IUpdater updater,
    double l2,
    GradientNormalization clipping,
    double clippingThreshold,
    DataType type) {
  public Solver {
    if (!(l2 >= 0)) {
      throw new IllegalArgumentException("expected an l2 of at least 0, got " + l2);
    }
  }

  /** FLOAT, no regularisation, no clipping. */
  public static Solver of(long seed, IUpdater updater) {
    return new Solver(seed, updater, 0, GradientNormalization.None, 1, DataType.FLOAT);
  }

  /** The same with another L2 coefficient. */
  public Solver withL2(double coefficient) {
    return new Solver(seed, updater, coefficient, clipping, clippingThreshold, type);
  }

  /** The same in another floating-point type. */
  public Solver withType(DataType other) {
    return new Solver(seed, updater, l2, clipping, clippingThreshold, other);
  }

  GraphBuilder graph() {
    // DL4J reads seed 0 as "none".
    long nonZeroSeed = seed == 0 ? 0x9E3779B97F4A7C15L : seed;
    return new NeuralNetConfiguration.Builder()
        .seed(nonZeroSeed)
        .dataType(type)
        .updater(updater)
        .l2(l2)
        .gradientNormalization(clipping)
        .gradientNormalizationThreshold(clippingThreshold)
        .graphBuilder();
  }
}
