package org.descry.bench.kernels;

import org.descry.kernel.LossKernel;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.openjdk.jmh.annotations.Benchmark;

/** A loss over N x K scores, against one of DL4J's loss functions. */
public abstract class LossBenchmark extends KernelBenchmark {
  private LossKernel kernel;
  private ILossFunction stockLoss;
  private IActivation stockActivation;
  private INDArray scores;
  private INDArray labels;
  private LossKernel.Cache cache;

  abstract LossKernel kernel();

  abstract ILossFunction stockLoss();

  abstract IActivation stockActivation();

  @Override
  void prepare() {
    kernel = kernel();
    stockLoss = stockLoss();
    stockActivation = stockActivation();
    scores = normal(N, K);
    labels = Nd4j.zeros(DataType.FLOAT, N, K);
    for (int i = 0; i < N; i++) {
      labels.putScalar(i, i % K, 1);
    }
    cache = kernel.forward(scores, labels, null);
  }

  @Benchmark
  public double forwardDescry() {
    return kernel.forward(scores, labels, null).loss();
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(cache, 1.0 / N, gradients);
  }

  @Benchmark
  public double forwardDl4j() {
    return stockLoss.computeScore(labels, scores.dup(), stockActivation, null, true);
  }

  @Benchmark
  public void backwardDl4j() {
    close(stockLoss.computeGradient(labels, scores.dup(), stockActivation, null));
  }
}
