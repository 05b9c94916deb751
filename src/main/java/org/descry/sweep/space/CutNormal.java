package org.descry.sweep.space;

import org.apache.commons.math3.distribution.NormalDistribution;

/** The normal distribution without what lies far from the mean. */
final class CutNormal extends NormalDistribution {
  private static final long serialVersionUID = 1L;

  /** How far from the mean values go, in standard deviations. */
  private static final double REACH = 3;

  private final double cut;

  CutNormal(double mean, double deviation) {
    super(null, mean, deviation);
    cut = super.cumulativeProbability(mean - REACH * deviation);
  }

  @Override
  public double getSupportLowerBound() {
    return getMean() - REACH * getStandardDeviation();
  }

  @Override
  public double getSupportUpperBound() {
    return getMean() + REACH * getStandardDeviation();
  }

  @Override
  public double cumulativeProbability(double x) {
    double whole = super.cumulativeProbability(x);
    return Math.min(1, Math.max(0, (whole - cut) / (1 - 2 * cut)));
  }

  @Override
  public double inverseCumulativeProbability(double p) {
    return super.inverseCumulativeProbability(cut + p * (1 - 2 * cut));
  }
}
