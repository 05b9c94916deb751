package org.descry.model;

import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.descry.layer.DiracInit;
import org.descry.layer.ExplicitLayer;
import org.descry.layer.OrthogonalInit;

/** How a network's weights are drawn. */
public enum WeightRule {
  HE,
  HE_UNIFORM,
  XAVIER,
  XAVIER_UNIFORM,
  /** With a standard deviation. */
  NORMAL,
  /** From minus a number to it. */
  UNIFORM,
  ORTHOGONAL,
  /** See {@link DiracInit}; outputs beyond the inputs are drawn by He's rule. */
  DIRAC,
  /** See {@link DiracInit}; outputs beyond the inputs are 0. */
  IDENTITY;

  /**
   * @param scale of the rules that have one
   */
  public IWeightInit init(double scale) {
    return switch (this) {
      case HE -> WeightInit.RELU.getWeightInitFunction();
      case HE_UNIFORM -> WeightInit.RELU_UNIFORM.getWeightInitFunction();
      case XAVIER -> WeightInit.XAVIER.getWeightInitFunction();
      case XAVIER_UNIFORM -> WeightInit.XAVIER_UNIFORM.getWeightInitFunction();
      case NORMAL -> new WeightInitDistribution(new NormalDistribution(0, scale));
      case UNIFORM -> new WeightInitDistribution(new UniformDistribution(-scale, scale));
      case ORTHOGONAL -> new OrthogonalInit();
      case DIRAC -> new DiracInit(WeightInit.RELU);
      case IDENTITY -> new DiracInit(null);
    };
  }

  /**
   * @param scale the standard deviation, or 0 for the other parameter's rule
   * @param rule null for the layer's own, He's
   */
  static <T extends ExplicitLayer.Builder<T>> T drawn(T builder, double scale, IWeightInit rule) {
    if (scale > 0) {
      return builder.weightScale(scale);
    }
    return rule == null ? builder : builder.weightInit(ExplicitLayer.WEIGHTS, rule);
  }
}
