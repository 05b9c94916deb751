package org.descry.bench.kernels;

import org.descry.kernel.ConvBlock;
import org.descry.kernel.ConvReluPool;
import org.descry.kernel.Window;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.openjdk.jmh.annotations.Benchmark;

/** The first layer of the ThreeLayerConvNet, against ND4J's three operations one by one. */
public class ConvReluPoolBenchmark extends KernelBenchmark {
  private static final Window CONVOLUTION = Window.same(7);

  private ConvReluPool kernel;
  private INDArray x;
  private INDArray xLast;
  private INDArray w;
  private INDArray b;
  private INDArray dOut;
  private INDArray dOutLast;
  private INDArray dW;
  private INDArray db;
  private ConvBlock.Cache cache;
  private INDArray convolved;
  private INDArray rectified;
  private int[] convolution;
  private int[] pool;

  @Override
  void prepare() {
    kernel = new ConvReluPool(CONVOLUTION, Shapes.POOL);
    convolution = Shapes.convolution(CONVOLUTION);
    pool = Shapes.pool(Shapes.POOL);
    x = normal(N, 3, 32, 32);
    xLast = channelsLast(x);
    w = normal(32, 3, 7, 7);
    b = normal(32);
    dOut = normal(N, 32, 16, 16);
    dOutLast = channelsLast(dOut);
    dW = w.ulike();
    db = b.ulike();
    cache = kernel.forward(xLast, w, b, outputs);
    convolved = nd4j("conv2d", convolution, x, w, b)[0];
    rectified = Transforms.relu(convolved);
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(xLast, w, b, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOutLast, cache, dW, db, null);
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
