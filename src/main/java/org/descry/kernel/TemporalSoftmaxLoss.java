package org.descry.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.indexer.Indexer;
import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
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
  private final Scratch weights = new Scratch();
  private final Scratch losses = new Scratch();

  private record Forward(
      INDArray probabilities, int[] labels, double[] weights, long n, INDArray losses)
      implements Cache {}

  @Override
  public Cache forward(INDArray x, INDArray labels, INDArray mask) {
    Check.shape("TemporalSoftmaxLoss", "x", x, -1, -1, -1);
    Check.type("TemporalSoftmaxLoss", x);
    long n = x.size(0);
    long t = x.size(1);
    Check.shape("TemporalSoftmaxLoss", "labels", labels, n, t);
    if (mask != null) {
      Check.shape("TemporalSoftmaxLoss", "mask", mask, n, t);
    }
    INDArray rows = Layout.timeMajorRows(x, input);
    INDArray p = probabilities.get(x.dataType(), rows.shape());
    softmax.in(rows).out(p).run();
    int[] words = words(labels.transpose(), x.size(2));
    double[] rowWeights = weights(mask, words.length);
    INDArray loss = losses.get(x.dataType(), n, 1).assign(0);
    Indexer pIndexer = p.data().indexer();
    Indexer lossIndexer = loss.data().indexer();
    for (int row = 0; row < words.length; row++) {
      if (rowWeights[row] != 0) {
        double logP = logProbability(rows, pIndexer, row, words[row], x.size(2));
        lossIndexer.putDouble(
            new long[] {row % n}, lossIndexer.getDouble(row % n) - rowWeights[row] * logP);
      }
    }
    return new Forward(p, words, rowWeights, n, loss);
  }

  private static int[] words(INDArray labels, long vocabulary) {
    int[] words = labels.dup('c').reshape(labels.length()).toIntVector();
    for (int word : words) {
      if (word < 0 || word >= vocabulary) {
        throw new IllegalArgumentException(
            "TemporalSoftmaxLoss: expected labels from 0 to %d, got %d"
                .formatted(vocabulary - 1, word));
      }
    }
    return words;
  }

  private static double[] weights(INDArray mask, int length) {
    if (mask == null) {
      double[] ones = new double[length];
      Arrays.fill(ones, 1);
      return ones;
    }
    return mask.transpose().dup('c').reshape(length).toDoubleVector();
  }

  private static double logProbability(
      INDArray rows, Indexer p, int row, int word, long vocabulary) {
    double probability = p.getDouble(row * vocabulary + word);
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
    INDArray column = weights.get(p.dataType(), rows, 1);
    Indexer columnIndexer = column.data().indexer();
    for (int row = 0; row < rows; row++) {
      columnIndexer.putDouble(new long[] {row}, forward.weights[row] * scale);
    }
    INDArray dX = allocator.create(p.dataType(), rows / forward.n, forward.n, vocabulary);
    INDArray dRows = Layout.reshape(dX, rows, vocabulary);
    multiply.in(p, column).out(dRows).run();
    Indexer indexer = dRows.data().indexer();
    for (int row = 0; row < rows; row++) {
      long at = row * vocabulary + forward.labels[row];
      indexer.putDouble(new long[] {at}, indexer.getDouble(at) - forward.weights[row] * scale);
    }
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
