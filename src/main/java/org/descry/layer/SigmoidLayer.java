package org.descry.layer;

import org.descry.kernel.Activation;
import org.descry.kernel.Sigmoid;

/** The logistic function, see {@link Sigmoid}, of an input of any shape. */
public final class SigmoidLayer extends AbstractActivationLayer {
  /** For JSON. */
  SigmoidLayer() {}

  private SigmoidLayer(Builder builder) {
    super(builder);
  }

  @Override
  Activation activation() {
    return Activation.SIGMOID;
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
