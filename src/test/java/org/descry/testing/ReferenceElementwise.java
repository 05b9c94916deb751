package org.descry.testing;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The functions that act on each element by itself, in any shape: ReLU {@code max(0, x)} with
 * derivative 0 at 0, sigmoid {@code s = 1 / (1 + exp(-x))} with derivative {@code s (1 - s)}, and
 * inverted dropout with a given mask {@code x m / (1 - p)}, p being the probability of dropping.
 */
public final class ReferenceElementwise {
  private ReferenceElementwise() {}

  /** Returns max(0, x). */
  public static INDArray relu(INDArray x) {
    return map(x, v -> Math.max(0, v));
  }

  /** Returns dOut where x is positive, else 0. */
  public static INDArray reluBackward(INDArray dOut, INDArray x) {
    return combine(dOut, x, (d, v) -> v > 0 ? d : 0);
  }

  /** Returns the logistic function of x. */
  public static INDArray sigmoid(INDArray x) {
    return map(x, ReferenceElementwise::sigmoid);
  }

  /** Returns dOut times the derivative of the logistic function at x. */
  public static INDArray sigmoidBackward(INDArray dOut, INDArray x) {
    return combine(dOut, x, (d, v) -> d * sigmoid(v) * sigmoid(-v));
  }

  /** Returns x where the mask of zeros and ones keeps it, scaled by 1 / (1 - p), else 0. */
  public static INDArray dropout(INDArray x, INDArray mask, double p) {
    return combine(x, mask, (v, m) -> v * m / (1 - p));
  }

  /** Returns the gradient of {@link #dropout} with respect to its input. */
  public static INDArray dropoutBackward(INDArray dOut, INDArray mask, double p) {
    return dropout(dOut, mask, p);
  }

  /** The logistic function, in the form whose exponential cannot overflow. */
  static double sigmoid(double x) {
    if (x >= 0) {
      return 1 / (1 + Math.exp(-x));
    }
    double e = Math.exp(x);
    return e / (1 + e);
  }

  private static INDArray map(INDArray x, DoubleUnaryOperator f) {
    Tensor in = Tensor.of(x);
    Tensor out = new Tensor(in.shape());
    for (int i = 0; i < in.length(); i++) {
      out.setFlat(f.applyAsDouble(in.flat(i)), i);
    }
    return out.toArray();
  }

  private static INDArray combine(INDArray a, INDArray b, DoubleBinaryOperator f) {
    Tensor left = Tensor.of(a);
    Tensor right = Tensor.of(b);
    right.requireShape(left.shape());
    Tensor out = new Tensor(left.shape());
    for (int i = 0; i < left.length(); i++) {
      out.setFlat(f.applyAsDouble(left.flat(i), right.flat(i)), i);
    }
    return out.toArray();
  }
}
