package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax and cross-entropy at every step of a sequence: {@code loss[n] = -sum over t of mask[n,t]
 * log p[n,t,y[n,t]]} with {@code p = softmax(x)}. The mean loss divides by N, not by the number of
 * unmasked steps.
 *
 * <p>Shapes: x is N x T x V (fastest over time-major memory), labels y is N x T (whole numbers in
 * any type), mask is N x T or null. Types: x FLOAT or DOUBLE.
 *
 * <p>Backward: {@code dX = mask (p - onehot(y))}, exactly zero on masked steps. The softmax is
 * computed once; a probability that underflows is recovered from the scores, so that no finite
 * score gives an infinite loss.
 */
public final class TemporalSoftmaxLoss implements LossKernel {
  private final NativeOp softmax = new NativeOp("softmax", 1);
  private final NativeOp multiply = new NativeOp("multiply");
  private final Scratch input = new Scratch();
  private final Scratch probabilities = new Scratch();
  private final Scratch words = new Scratch();
  private final Scratch weights = new Scratch();
  private final Scratch scaledWeights = new Scratch();
  private final Scratch losses = new Scratch();

  /**
   * @param rows x as (T N) x V
   * @param words the labels, T x N
   * @param weights of the rows: the mask, or 1
   */
  private record Forward(
      INDArray rows, INDArray probabilities, INDArray words, INDArray weights, INDArray losses)
      implements Cache {}

  @Override
  public Cache forward(INDArray x, INDArray labels, INDArray mask) {
    Check.shape("TemporalSoftmaxLoss", "x", x, -1, -1, -1);
    Check.type("TemporalSoftmaxLoss", x);
    DataType type = x.dataType();
    long n = x.size(0);
    long t = x.size(1);
    Check.shape("TemporalSoftmaxLoss", "labels", labels, n, t);
    INDArray rows = Layout.timeMajorRows(x, input);
    INDArray p = probabilities.get(type, rows.shape());
    softmax.in(rows).out(p).run();
    INDArray said = words.get(DataType.INT, t, n).assign(labels.transpose());
    INDArray weight = weights.get(type, t, n);
    if (mask == null) {
      weight.assign(1);
    } else {
      Check.shape("TemporalSoftmaxLoss", "mask", mask, n, t);
      weight.assign(mask.transpose());
    }
    Forward forward = new Forward(rows, p, said, weight, losses.get(type, n, 1));
    Runnable sums = losses(forward);
    Tape.run(sums);
    return forward;
  }

  /** What sums the losses of each example, ready to be run again on other numbers. */
  private static Runnable losses(Forward forward) {
    Elements words = new Elements(forward.words);
    Elements weights = new Elements(forward.weights);
    Elements p = new Elements(forward.probabilities);
    Elements losses = new Elements(forward.losses);
    long n = forward.losses.length();
    long rows = forward.words.length();
    long vocabulary = forward.rows.size(1);
    return () -> {
      for (long i = 0; i < n; i++) {
        losses.set(i, 0);
      }
      for (long row = 0; row < rows; row++) {
        long word = (long) words.get(row);
        if (word < 0 || word >= vocabulary) {
          throw new IllegalArgumentException(
              "TemporalSoftmaxLoss: expected labels from 0 to %s, got %s"
                  .formatted(vocabulary - 1, word));
        }
        double weight = weights.get(row);
        if (weight != 0) {
          double logP = logProbability(forward.rows, p, row, word, vocabulary);
          losses.set(row % n, losses.get(row % n) - weight * logP);
        }
      }
    };
  }

  private static double logProbability(
      INDArray rows, Elements p, long row, long word, long vocabulary) {
    double probability = p.get(row * vocabulary + word);
    double smallestNormal =
        rows.dataType() == DataType.FLOAT ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    if (probability >= smallestNormal || Double.isNaN(probability)) {
      return Math.log(probability);
    }
    double max = Double.NEGATIVE_INFINITY;
    for (long v = 0; v < vocabulary; v++) {
      max = Math.max(max, rows.getDouble(row, v));
    }
    double sum = 0;
    for (long v = 0; v < vocabulary; v++) {
      sum += Math.exp(rows.getDouble(row, v) - max);
    }
    return rows.getDouble(row, word) - max - Math.log(sum);
  }

  @Override
  public INDArray backward(Cache cache, double scale, Allocator allocator) {
    Forward forward = (Forward) cache;
    INDArray p = forward.probabilities;
    long rows = p.size(0);
    long vocabulary = p.size(1);
    INDArray scaled = scaledWeights.get(p.dataType(), rows, 1);
    Elements weights = new Elements(forward.weights);
    Elements column = new Elements(scaled);
    Tape.run(
        () -> {
          for (long row = 0; row < rows; row++) {
            column.set(row, weights.get(row) * scale);
          }
        });
    long n = forward.losses.length();
    INDArray dX = allocator.create(p.dataType(), rows / n, n, vocabulary);
    INDArray dRows = Layout.reshape(dX, rows, vocabulary);
    multiply.in(p, scaled).out(dRows).run();
    Elements words = new Elements(forward.words);
    Elements gradient = new Elements(dRows);
    Tape.run(
        () -> {
          for (long row = 0; row < rows; row++) {
            long at = row * vocabulary + (long) words.get(row);
            gradient.set(at, gradient.get(at) - weights.get(row) * scale);
          }
        });
    return dX.permute(1, 0, 2);
  }

  @Override
  public INDArray output(INDArray x, Allocator allocator) {
    long n = x.size(0);
    long t = x.size(1);
    INDArray out = allocator.create(x.dataType(), t, n, x.size(2));
    softmax.in(Layout.timeMajorRows(x, input)).out(Layout.reshape(out, t * n, x.size(2))).run();
    return out.permute(1, 0, 2);
  }
}
