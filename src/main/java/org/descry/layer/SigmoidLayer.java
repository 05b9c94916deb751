package org.descry.layer;

import java.util.Map;
import org.descry.kernel.Sigmoid;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** The logistic function, see {@link Sigmoid}, of an input of any shape. */
public final class SigmoidLayer extends AbstractActivationLayer {
  /** For JSON. */
  SigmoidLayer() {}

  private SigmoidLayer(Builder builder) {
    super(builder);
  }

  @Override
  ExplicitPass explicitPass() {
    Sigmoid kernel = new Sigmoid();
    return pass(kernel::forward, kernel::backward);
  }

  @Override
  public SDVariable defineLayer(
      SameDiff sameDiff, SDVariable input, Map<String, SDVariable> params, SDVariable mask) {
    return sameDiff.nn().sigmoid(input);
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
