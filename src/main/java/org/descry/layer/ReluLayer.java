package org.descry.layer;

import java.util.Map;
import org.descry.kernel.Relu;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The rectifier, see {@link Relu}, of an input of any shape. */
public final class ReluLayer extends AbstractActivationLayer {
  /** For JSON. */
  ReluLayer() {}

  private ReluLayer(Builder builder) {
    super(builder);
  }

  @Override
  ExplicitPass explicitPass() {
    Relu kernel = new Relu();
    return pass(kernel::forward, kernel::backward);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return sameDiff.nn().relu(input, 0);
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
