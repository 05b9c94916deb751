package org.descry.kernel;

import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.nd4j.autodiff.samediff.SDVariable;

/** The nonlinearity of a block. */
public enum Activation {
  /** max(x, 0). */
  RELU(
      Relu::new,
      true,
      x -> x.getSameDiff().nn().relu(x, 0),
      org.nd4j.linalg.activations.Activation.RELU),

  /** The Gaussian error linear unit, exact; ND4J's is an approximation. */
  GELU(
      Gelu::new,
      false,
      x -> x.mul(x.getSameDiff().math().erf(x.mul(Math.sqrt(0.5))).add(1).mul(0.5)),
      null),

  /** The sigmoid linear unit. */
  SILU(
      Silu::new,
      false,
      x -> x.mul(x.getSameDiff().nn().sigmoid(x)),
      org.nd4j.linalg.activations.Activation.SWISH),

  /** x where it is above 0, else x / 100. */
  LEAKY_RELU(
      LeakyRelu::new,
      true,
      x -> x.mul(LeakyRelu.SLOPE).add(x.getSameDiff().nn().relu(x, 0).mul(1 - LeakyRelu.SLOPE)),
      org.nd4j.linalg.activations.Activation.LEAKYRELU),

  /** The hyperbolic tangent. */
  TANH(
      Tanh::new,
      true,
      x -> x.getSameDiff().math().tanh(x),
      org.nd4j.linalg.activations.Activation.TANH),

  /** The logistic function. */
  SIGMOID(
      Sigmoid::new,
      true,
      x -> x.getSameDiff().nn().sigmoid(x),
      org.nd4j.linalg.activations.Activation.SIGMOID),

  /** None: x itself. */
  NONE(null, true, x -> x, org.nd4j.linalg.activations.Activation.IDENTITY);

  private final Supplier<Elementwise> kernel;
  private final boolean nonDecreasing;
  private final UnaryOperator<SDVariable> definition;
  private final org.nd4j.linalg.activations.Activation stock;

  Activation(
      Supplier<Elementwise> kernel,
      boolean nonDecreasing,
      UnaryOperator<SDVariable> definition,
      org.nd4j.linalg.activations.Activation stock) {
    this.kernel = kernel;
    this.nonDecreasing = nonDecreasing;
    this.definition = definition;
    this.stock = stock;
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

  /**
   * Its name among the operations of libnd4j that may follow on another's result in place; null
   * where it is none of them.
   */
  String operation() {
    return switch (this) {
      case RELU -> "relu";
      case TANH -> "tanh";
      case SIGMOID -> "sigmoid";
      case GELU, SILU, LEAKY_RELU, NONE -> null;
    };
  }

  /** The same as a SameDiff graph. */
  public SDVariable define(SDVariable x) {
    return definition.apply(x);
  }

  /** ND4J's own function that is the same one; null where there is none. */
  public org.nd4j.linalg.activations.Activation stock() {
    return stock;
  }

  /** As settings have it: {@code leaky-relu}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
