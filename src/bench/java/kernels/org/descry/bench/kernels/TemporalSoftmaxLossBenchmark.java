package org.descry.bench.kernels;

import org.descry.kernel.LossKernel;
import org.descry.kernel.TemporalSoftmaxLoss;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The captioner's masked loss, against DL4J's LossMCXENT on rows N T with ones among zeros as
 * labels, and ND4J's sparse loss, whose mask is a product afterwards.
 */
public class TemporalSoftmaxLossBenchmark extends SequenceBenchmark {
  private static final int SHORTEST = 6;

  private LossKernel kernel;
  private INDArray scores;
  private INDArray labels;
  private INDArray mask;
  private LossKernel.Cache cache;
  private INDArray rows;
  private INDArray rowLabels;
  private INDArray oneHot;
  private INDArray column;
  private LossMCXENT stock;

  @Override
  void prepare() {
    kernel = new TemporalSoftmaxLoss();
    scores = sequence(V);
    int[] words = words();
    labels = timeMajor(words);
    mask = mask();
    cache = kernel.forward(scores, labels, mask);
    rows = scores.dup('c').reshape((long) N * T, V);
    rowLabels = Nd4j.createFromArray(words);
    oneHot = Nd4j.zeros(DataType.FLOAT, (long) N * T, V);
    for (int i = 0; i < words.length; i++) {
      oneHot.putScalar(i, words[i], 1);
    }
    column = mask.dup('c').reshape((long) N * T, 1);
    stock = new LossMCXENT();
  }

  /** Captions of all lengths from the shortest to T. */
  private static INDArray mask() {
    INDArray mask = Nd4j.zeros(DataType.FLOAT, T, N).transpose();
    for (int n = 0; n < N; n++) {
      int length = SHORTEST + n % (T - SHORTEST + 1);
      for (int t = 0; t < length; t++) {
        mask.putScalar(n, t, 1);
      }
    }
    return mask;
  }

  @Benchmark
  public double forwardDescry() {
    return kernel.forward(scores, labels, mask).loss();
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(cache, 1.0 / N, gradients);
  }

  @Benchmark
  public double forwardDl4j() {
    return stock.computeScore(oneHot, rows.dup(), new ActivationSoftmax(), column, true);
  }

  @Benchmark
  public void backwardDl4j() {
    close(stock.computeGradient(oneHot, rows.dup(), new ActivationSoftmax(), column));
  }

  @Benchmark
  public double forwardNd4j() {
    INDArray losses =
        nd4j("sparse_softmax_cross_entropy_loss_with_logits", Shapes.NONE, rowLabels, rows)[0];
    return losses.muli(column.reshape((long) N * T)).sumNumber().doubleValue() / N;
  }

  @Benchmark
  public void backwardNd4j() {
    INDArray dRows =
        nd4j("sparse_softmax_cross_entropy_loss_with_logits_grad", Shapes.NONE, rowLabels, rows)[0];
    close(dRows.muliColumnVector(column).divi(N));
  }
}
