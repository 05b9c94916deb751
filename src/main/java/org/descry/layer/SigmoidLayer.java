package org.descry.layer;

import org.descry.kernel.Activation;
import org.descry.kernel.Elementwise;
import org.descry.kernel.Sigmoid;
import org.nd4j.autodiff.samediff.SDVariable;

/** The logistic function, see {@link Sigmoid}, of an input of any shape. */
public final class SigmoidLayer extends AbstractActivationLayer {
  /** For JSON. */
  SigmoidLayer() {}

  private SigmoidLayer(Builder builder) {
    super(builder);
  }

  @Override
  Elementwise kernel() {
    return new Sigmoid();
  }

  @Override
  SDVariable define(SDVariable x) {
    return Activation.SIGMOID.define(x);
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public SigmoidLayer build() {
      return new SigmoidLayer(this);
    }
  }
}
