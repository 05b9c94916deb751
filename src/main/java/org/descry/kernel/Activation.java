package org.descry.kernel;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.nd4j.autodiff.samediff.SDVariable;

/** The nonlinearity of a block. */
public enum Activation {
  /** max(x, 0). */
  RELU(Relu::new, true, x -> x.getSameDiff().nn().relu(x, 0)),

  /** The Gaussian error linear unit, exact. */
  GELU(
      Gelu::new,
      false,
      x -> x.mul(x.getSameDiff().math().erf(x.mul(Math.sqrt(0.5))).add(1).mul(0.5))),

  /** The sigmoid linear unit. */
  SILU(Silu::new, false, x -> x.mul(x.getSameDiff().nn().sigmoid(x))),

  /** The hyperbolic tangent. */
  TANH(Tanh::new, true, x -> x.getSameDiff().math().tanh(x)),

  /** The logistic function. */
  SIGMOID(Sigmoid::new, true, x -> x.getSameDiff().nn().sigmoid(x)),

  /** None: x itself. */
  NONE(null, true, x -> x);

  private final Supplier<Elementwise> kernel;
  private final boolean nonDecreasing;
  private final UnaryOperator<SDVariable> definition;

  Activation(
      Supplier<Elementwise> kernel, boolean nonDecreasing, UnaryOperator<SDVariable> definition) {
    this.kernel = kernel;
    this.nonDecreasing = nonDecreasing;
    this.definition = definition;
  }

  /** A new kernel; null for {@link #NONE}. */
  public Elementwise kernel() {
    return kernel == null ? null : kernel.get();
  }

  /**
   * Whether a larger x never gives a smaller result, so that the maximum of a window may be taken
   * before.
   */
  public boolean nonDecreasing() {
    return nonDecreasing;
  }

  /** The same as a SameDiff graph. */
  public SDVariable define(SDVariable x) {
    return definition.apply(x);
  }
}
