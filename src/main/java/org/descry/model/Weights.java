package org.descry.model;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.descry.layer.ExplicitLayer;

/** How a layer's weights are drawn. */
final class Weights {
  private Weights() {}

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
