package org.descry.bench.kernels;

import org.descry.kernel.Conv2d;
import org.descry.kernel.Window;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Convolutions against conv2d and conv2d_bp, which always computes the input's gradient. */
public class Conv2dBenchmark extends MapBenchmark {
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

  private int[] arguments;

  @Override
  void prepare() {
    Window window = Window.same(place.filterSize);
    arguments = Shapes.convolution(window);
    arguments(
        normal(N, place.channels, place.side, place.side),
        normal(place.filters, place.channels, place.filterSize, place.filterSize),
        normal(place.filters),
        normal(N, place.filters, place.side, place.side));
    Conv2d kernel = new Conv2d(window);
    kernel(kernel::forward, kernel::backward, place == Place.FIRST ? null : gradients);
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
