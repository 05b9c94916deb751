package org.descry.layer;

import org.descry.kernel.Activation;
import org.descry.kernel.Relu;

/** The rectifier, see {@link Relu}, of an input of any shape. */
public final class ReluLayer extends AbstractActivationLayer {
  /** For JSON. */
  ReluLayer() {}

  private ReluLayer(Builder builder) {
    super(builder);
  }

  @Override
  Activation activation() {
    return Activation.RELU;
  }

  /** Builds the layer. */
  public static final class Builder extends ExplicitLayer.Builder<Builder> {
    @Override
    @SuppressWarnings("unchecked")
    public ReluLayer build() {
      return new ReluLayer(this);
    }
  }
}
