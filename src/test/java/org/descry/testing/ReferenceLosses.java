package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Classification losses by definition, over scores N x K and labels N x K: a row of labels holds
 * the weight y[k] of each class, one-hot in the plain case. Both average over the N rows, masked or
 * not: a masked row contributes neither loss nor gradient and still counts in N. The temporal form
 * takes N x T x K and divides the sum over unmasked steps by N, not by N T.
 */
public final class ReferenceLosses {
  private static final double MARGIN = 1;

  private ReferenceLosses() {}

  /** A loss and its gradient with respect to the scores, in their shape. */
  public record Loss(double value, INDArray gradient) {}

  /**
   * Softmax cross-entropy: {@code sum_k -y[k] log p[k]} with {@code p[k] = exp(s[k]) / sum_j
   * exp(s[j])}; the gradient is {@code p[k] sum_j y[j] - y[k]}.
   *
   * @param mask N x 1 of zeros and ones, or null for all rows
   */
  public static Loss softmax(INDArray scores, INDArray labels, INDArray mask) {
    int n = (int) scores.size(0);
    return softmax(Tensor.of(scores), Tensor.of(labels), mask(mask, n), n);
  }

  /**
   * Softmax cross-entropy over time: scores are N x T x K, words N x T of class indices.
   *
   * @param mask N x T of zeros and ones, or null for all steps
   */
  public static Loss temporalSoftmax(INDArray scores, INDArray words, INDArray mask) {
    int n = (int) scores.size(0);
    int steps = n * (int) scores.size(1);
    int classes = (int) scores.size(2);
    Tensor indices = Tensor.of(words).reshape(steps);
    Tensor labels = new Tensor(steps, classes);
    for (int i = 0; i < steps; i++) {
      labels.set(1, i, (int) indices.get(i));
    }
    Tensor rows = Tensor.of(scores).reshape(steps, classes);
    Loss flat = softmax(rows, labels, mask(mask, steps), n);
    return new Loss(flat.value(), flat.gradient().reshape('c', scores.shape()));
  }

  /** Returns the softmax probabilities of scores N x K. */
  public static INDArray probabilities(INDArray scores) {
    Tensor s = Tensor.of(scores);
    Tensor out = new Tensor(s.shape());
    for (int n = 0; n < s.size(0); n++) {
      for (int k = 0; k < s.size(1); k++) {
        out.set(Math.exp(s.get(n, k) - logSumExp(s, n)), n, k);
      }
    }
    return out.toArray();
  }

  /**
   * Multiclass hinge loss: {@code sum_k y[k] sum_{j != k} max(0, s[j] - s[k] + 1)}; a term that is
   * exactly at the hinge has no gradient.
   *
   * @param mask N x 1 of zeros and ones, or null for all rows
   */
  public static Loss svm(INDArray scores, INDArray labels, INDArray mask) {
    Tensor s = Tensor.of(scores);
    Tensor y = Tensor.of(labels);
    y.requireShape(s.shape());
    int rows = s.size(0);
    Tensor kept = mask(mask, rows);
    Tensor gradient = new Tensor(s.shape());
    double sum = 0;
    for (int n = 0; n < rows; n++) {
      for (int k = 0; k < s.size(1); k++) {
        double weight = kept.flat(n) * y.get(n, k) / rows;
        for (int j = 0; j < s.size(1); j++) {
          double violation = s.get(n, j) - s.get(n, k) + MARGIN;
          if (j != k && violation > 0) {
            sum += weight * violation;
            gradient.add(weight, n, j);
            gradient.add(-weight, n, k);
          }
        }
      }
    }
    return new Loss(sum, gradient.toArray());
  }

  private static Loss softmax(Tensor s, Tensor y, Tensor kept, int divisor) {
    y.requireShape(s.shape());
    Tensor gradient = new Tensor(s.shape());
    double sum = 0;
    for (int n = 0; n < s.size(0); n++) {
      double normalizer = logSumExp(s, n);
      double weight = kept.flat(n) / divisor;
      for (int k = 0; k < s.size(1); k++) {
        double logProbability = s.get(n, k) - normalizer;
        sum -= weight * y.get(n, k) * logProbability;
        for (int j = 0; j < s.size(1); j++) {
          gradient.add(weight * y.get(n, j) * Math.exp(logProbability), n, k);
        }
        gradient.add(-weight * y.get(n, k), n, k);
      }
    }
    return new Loss(sum, gradient.toArray());
  }

  /** log sum_k exp(s[n,k]), with the largest score taken out so that nothing overflows. */
  private static double logSumExp(Tensor s, int n) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < s.size(1); k++) {
      largest = Math.max(largest, s.get(n, k));
    }
    double sum = 0;
    for (int k = 0; k < s.size(1); k++) {
      sum += Math.exp(s.get(n, k) - largest);
    }
    return largest + Math.log(sum);
  }

  private static Tensor mask(INDArray mask, int rows) {
    if (mask != null) {
      return Tensor.of(mask).reshape(rows);
    }
    Tensor all = new Tensor(rows);
    for (int n = 0; n < rows; n++) {
      all.setFlat(1, n);
    }
    return all;
  }
}
