package org.descry.bench.kernels;

import org.descry.kernel.Affine;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;

/** The hidden layer of the ThreeLayerConvNet, 8192 to 100, against xw_plus_b. */
public class AffineBenchmark extends KernelBenchmark {
  private static final int D = 8192;
  private static final int M = 100;

  private Affine kernel;
  private INDArray x;
  private INDArray w;
  private INDArray b;
  private INDArray dOut;
  private INDArray dW;
  private INDArray db;
  private Affine.Cache cache;

  @Override
  void prepare() {
    kernel = new Affine();
    x = normal(N, D);
    w = normal(D, M);
    b = normal(M);
    dOut = normal(N, M);
    dW = w.ulike();
    db = b.ulike();
    cache = kernel.forward(x, w, b, outputs);
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(x, w, b, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOut, cache, dW, db, gradients);
  }

  @Benchmark
  public void forwardNd4j() {
    close(nd4j("xw_plus_b", Shapes.NONE, x, w, b));
  }

  @Benchmark
  public void backwardNd4j() {
    close(nd4j("xw_plus_b_bp", Shapes.NONE, x, w, b, dOut));
  }
}
