package org.descry.layer;

import org.descry.kernel.Activation;
import org.descry.kernel.Elementwise;
import org.descry.kernel.Relu;
import org.nd4j.autodiff.samediff.SDVariable;

/** The rectifier, see {@link Relu}, of an input of any shape. */
public final class ReluLayer extends AbstractActivationLayer {
  /** For JSON. */
  ReluLayer() {}

  private ReluLayer(Builder builder) {
    super(builder);
  }

  @Override
  Elementwise kernel() {
    return new Relu();
  }

  @Override
  SDVariable define(SDVariable x) {
    return Activation.RELU.define(x);
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
