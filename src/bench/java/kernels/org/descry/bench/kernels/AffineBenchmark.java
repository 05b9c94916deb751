package org.descry.bench.kernels;

import org.descry.kernel.Affine;
import org.openjdk.jmh.annotations.Benchmark;

/** The hidden layer of the ThreeLayerConvNet, 8192 to 100, against xw_plus_b. */
public class AffineBenchmark extends MapBenchmark {
  private static final int D = 8192;
  private static final int M = 100;

  @Override
  void prepare() {
    arguments(normal(N, D), normal(D, M), normal(M), normal(N, M));
    Affine kernel = new Affine();
    kernel(kernel::forward, kernel::backward, gradients);
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
