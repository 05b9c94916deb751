package org.descry.engine.dnn;

import java.util.Map;

/**
 * A function of every element.
 *
 * @param algorithm oneDNN's
 * @param alpha its parameter
 * @param gradient the algorithm that computes its gradient from its result
 */
record Function(int algorithm, float alpha, int gradient) {
  private static final int TANH = 0x21;
  private static final int LOGISTIC = 0x29;
  private static final int HARD_SWISH = 0x34;
  private static final int RELU_GRADIENT = 0x100;
  private static final int TANH_GRADIENT = 0x101;
  private static final int LOGISTIC_GRADIENT = 0x104;

  /**
   * oneDNN's rectifier answers 0 for NaN, which would hide a network that has diverged. {@code x
   * min(1, max(0, alpha x))} with the largest alpha is the same function, and keeps NaN.
   */
  private static final Map<String, Function> BY_NAME =
      Map.of(
          "relu", new Function(HARD_SWISH, Float.MAX_VALUE, RELU_GRADIENT),
          "tanh", new Function(TANH, 0, TANH_GRADIENT),
          "sigmoid", new Function(LOGISTIC, 0, LOGISTIC_GRADIENT));

  /** By its name in libnd4j; null where there is none. */
  static Function of(String name) {
    return BY_NAME.get(name);
  }
}
