package org.descry.bench.kernels;

import org.descry.kernel.MaxPool2d;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;

/** A 2x2 pool of 32 channels of 32x32, against maxpool2d and maxpool2d_bp. */
public class MaxPool2dBenchmark extends KernelBenchmark {
  private MaxPool2d kernel;
  private INDArray x;
  private INDArray xLast;
  private INDArray dOut;
  private INDArray dOutLast;
  private MaxPool2d.Cache cache;
  private int[] arguments;

  @Override
  void prepare() {
    kernel = new MaxPool2d(Shapes.POOL);
    arguments = Shapes.pool(Shapes.POOL);
    x = normal(N, 32, 32, 32);
    xLast = channelsLast(x);
    dOut = normal(N, 32, 16, 16);
    dOutLast = channelsLast(dOut);
    cache = kernel.forward(xLast, outputs);
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(xLast, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOutLast, cache, gradients);
  }

  @Benchmark
  public void forwardNd4j() {
    close(nd4j("maxpool2d", arguments, x));
  }

  @Benchmark
  public void backwardNd4j() {
    close(nd4j("maxpool2d_bp", arguments, x, dOut));
  }
}
