package org.descry.engine.dnn;

import java.util.Map;

/**
 * A function of every element.
 *
 * @param algorithm oneDNN's
 * @param alpha its parameter
 * @param odd whether not it, but {@code 2 f(2 x) - 1} is meant
 * @param gradient the algorithm that computes its gradient
 * @param slope that algorithm's parameter
 * @param ofInput whether the gradient is computed from the input, not from the result
 */
record Function(
    int algorithm, float alpha, boolean odd, int gradient, float slope, boolean ofInput) {
  private static final int LINEAR = 0x26;
  private static final int LOGISTIC = 0x29;
  private static final int LEAKY_RELU = 0x20;
  private static final int SWISH = 0x2c;
  private static final int GELU = 0x31;
  private static final int HARD_SWISH = 0x34;
  private static final int RELU_GRADIENT = 0x100;
  private static final int TANH_GRADIENT = 0x101;
  private static final int LOGISTIC_GRADIENT = 0x104;

  /**
   * oneDNN's rectifier answers 0 for NaN, which would hide a network that has diverged. {@code x
   * min(1, max(0, alpha x))} with the largest alpha is the same function, and keeps NaN.
   *
   * <p>oneDNN's tanh looks up seven coefficients an element; {@code 2 sigmoid(2 x) - 1}, off by no
   * more than 2e-7, takes a fifth of its time and less.
   */
  private static final Map<String, Function> BY_NAME =
      Map.of(
          "relu", new Function(HARD_SWISH, Float.MAX_VALUE, RELU_GRADIENT),
          "tanh", new Function(LOGISTIC, 0, true, TANH_GRADIENT, 0, false),
          "sigmoid", new Function(LOGISTIC, 0, LOGISTIC_GRADIENT));

  /** {@code x (1 + erf(x / sqrt 2)) / 2}; libnd4j's gelu is another. */
  static final Function EXACT_GELU = new Function(GELU, 0, false, GELU, 0, true);

  /** {@code x / (1 + exp(-x))}. */
  static final Function SILU = new Function(SWISH, 1, false, SWISH, 1, true);

  /** A function whose gradient is computed from its result. */
  Function(int algorithm, float alpha, int gradient) {
    this(algorithm, alpha, false, gradient, 0, false);
  }

  /** x, or slope times x where that is larger; the slope is above 0, so that NaN stays. */
  static Function leaky(float slope) {
    return new Function(LEAKY_RELU, slope, false, RELU_GRADIENT, slope, false);
  }

  /** By its name in libnd4j; null where there is none. */
  static Function of(String name) {
    return BY_NAME.get(name);
  }

  /** Does it to what is about to be written. */
  void append(Attributes to) {
    if (odd) {
      to.elementwise(LINEAR, 2, 0);
    }
    appendToTwice(to);
  }

  /** The same where what is about to be written is twice the argument of a function that is odd. */
  void appendToTwice(Attributes to) {
    to.elementwise(algorithm, alpha, 0);
    if (odd) {
      to.elementwise(LINEAR, 2, -1);
    }
  }
}
