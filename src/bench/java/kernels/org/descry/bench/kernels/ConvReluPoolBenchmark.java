package org.descry.bench.kernels;

import org.descry.kernel.ConvReluPool;
import org.descry.kernel.Window;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.openjdk.jmh.annotations.Benchmark;

/** The first layer of the ThreeLayerConvNet, against ND4J's three operations one by one. */
public class ConvReluPoolBenchmark extends MapBenchmark {
  private static final Window CONVOLUTION = Window.same(7);

  private INDArray convolved;
  private INDArray rectified;
  private int[] convolution;
  private int[] pool;

  @Override
  void prepare() {
    convolution = Shapes.convolution(CONVOLUTION);
    pool = Shapes.pool(Shapes.POOL);
    arguments(normal(N, 3, 32, 32), normal(32, 3, 7, 7), normal(32), normal(N, 32, 16, 16));
    ConvReluPool kernel = new ConvReluPool(CONVOLUTION, Shapes.POOL);
    kernel(kernel::forward, kernel::backward, null);
    convolved = nd4j("conv2d", convolution, x, w, b)[0];
    rectified = Transforms.relu(convolved);
  }

  @Benchmark
  public void forwardNd4j() {
    INDArray conv = nd4j("conv2d", convolution, x, w, b)[0];
    INDArray relu = Transforms.relu(conv);
    close(conv, relu, nd4j("maxpool2d", pool, relu)[0]);
  }

  @Benchmark
  public void backwardNd4j() {
    INDArray dRelu = nd4j("maxpool2d_bp", pool, rectified, dOut)[0];
    INDArray dConv = nd4j("relu_bp", Shapes.NONE, convolved, dRelu)[0];
    close(nd4j("conv2d_bp", convolution, x, w, b, dConv));
    close(dRelu, dConv);
  }
}
