package org.descry.bench.kernels;

import org.descry.engine.Allocator;
import org.descry.kernel.Conv2d;
import org.descry.kernel.Window;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Convolutions against conv2d and conv2d_bp, which always computes the input's gradient. */
public class Conv2dBenchmark extends KernelBenchmark {
  /** Where in a network the convolution stands: the first needs no gradient of its input. */
  public enum Place {
    FIRST(3, 32, 32, 7),
    INNER(32, 16, 64, 3);

    private final int channels;
    private final int side;
    private final int filters;
    private final int filterSize;

    Place(int channels, int side, int filters, int filterSize) {
      this.channels = channels;
      this.side = side;
      this.filters = filters;
      this.filterSize = filterSize;
    }
  }

  @Param public Place place;

  private Conv2d kernel;
  private INDArray x;
  private INDArray xLast;
  private INDArray w;
  private INDArray b;
  private INDArray dOut;
  private INDArray dOutLast;
  private INDArray dW;
  private INDArray db;
  private Conv2d.Cache cache;
  private Allocator inputGradient;
  private int[] arguments;

  @Override
  void prepare() {
    Window window = Window.same(place.filterSize);
    kernel = new Conv2d(window);
    arguments = Shapes.convolution(window);
    x = normal(N, place.channels, place.side, place.side);
    xLast = channelsLast(x);
    w = normal(place.filters, place.channels, place.filterSize, place.filterSize);
    b = normal(place.filters);
    dOut = normal(N, place.filters, place.side, place.side);
    dOutLast = channelsLast(dOut);
    dW = w.ulike();
    db = b.ulike();
    cache = kernel.forward(xLast, w, b, outputs);
    inputGradient = place == Place.FIRST ? null : gradients;
  }

  @Benchmark
  public Object forwardDescry() {
    return kernel.forward(xLast, w, b, outputs);
  }

  @Benchmark
  public Object backwardDescry() {
    return kernel.backward(dOutLast, cache, dW, db, inputGradient);
  }

  @Benchmark
  public void forwardNd4j() {
    close(nd4j("conv2d", arguments, x, w, b));
  }

  @Benchmark
  public void backwardNd4j() {
    close(nd4j("conv2d_bp", arguments, x, w, b, dOut));
  }
}
