package org.descry.bench.kernels;

import org.descry.kernel.Relu;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.openjdk.jmh.annotations.Benchmark;

/** The activations of 32 filters on 32x32 images, against Transforms.relu and relu_bp. */
public class ReluBenchmark extends KernelBenchmark {
  private Relu kernel;
  private INDArray x;
  private INDArray dOut;
  private Relu.Cache cache;

  @Override
  void prepare() {
    kernel = new Relu();
    x = normal(N, 32, 32, 32);
    dOut = normal(N, 32, 32, 32);
    cache = kernel.forward(x, outputs);
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(x, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOut, cache, gradients);
  }

  @Benchmark
  public void forwardNd4j() {
    close(Transforms.relu(x));
  }

  @Benchmark
  public void backwardNd4j() {
    close(nd4j("relu_bp", Shapes.NONE, x, dOut));
  }
}
