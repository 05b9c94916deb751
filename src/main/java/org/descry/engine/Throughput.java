package org.descry.engine;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The float32 speed of the engine in GFLOP/s (10^9 additions or multiplications a second), each the
 * median of repeated calls.
 *
 * @param matmul a 1024 x 1024 by 1024 x 1024 matrix product
 * @param convolution 100 images of 32 x 32 x 3 with 32 filters of 7 x 7, padding 3, channels-last
 */
public record Throughput(double matmul, double convolution) {
  private static final int SIZE = 1024;
  private static final int IMAGES = 100;
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int FILTERS = 32;
  private static final int FILTER_SIDE = 7;
  private static final int WARM_UP_CALLS = 5;
  private static final int CALLS = 25;
  // Not Nd4j.rand: a measurement leaves the global random state alone.
  private static final double FILL = 0.5;

  /** Measures on the running engine; takes under a second on a fast binary. */
  static Throughput measure() {
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return new Throughput(matmulRate(), convolutionRate());
    }
  }

  private static double matmulRate() {
    CustomOp op =
        DynamicCustomOp.builder("matmul")
            .addInputs(array(SIZE, SIZE), array(SIZE, SIZE))
            .addOutputs(array(SIZE, SIZE))
            .build();
    return rate(2.0 * SIZE * SIZE * SIZE, op);
  }

  private static double convolutionRate() {
    int padding = FILTER_SIDE / 2;
    CustomOp op =
        DynamicCustomOp.builder("conv2d")
            .addInputs(
                array(IMAGES, SIDE, SIDE, CHANNELS),
                array(FILTER_SIDE, FILTER_SIDE, CHANNELS, FILTERS))
            .addOutputs(array(IMAGES, SIDE, SIDE, FILTERS))
            // filter height and width, strides, paddings, dilations, explicit padding, NHWC, [kH,
            // kW, iC, oC]
            .addIntegerArguments(FILTER_SIDE, FILTER_SIDE, 1, 1, padding, padding, 1, 1, 0, 1, 0)
            .build();
    double products =
        (double) IMAGES * SIDE * SIDE * FILTERS * CHANNELS * FILTER_SIDE * FILTER_SIDE;
    return rate(2.0 * products, op);
  }

  private static INDArray array(long... shape) {
    return Nd4j.valueArrayOf(shape, FILL, DataType.FLOAT);
  }

  private static double rate(double operations, CustomOp op) {
    long[] nanos = new long[CALLS];
    for (int call = -WARM_UP_CALLS; call < CALLS; call++) {
      long start = System.nanoTime();
      Nd4j.exec(op);
      if (call >= 0) {
        nanos[call] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return operations / nanos[CALLS / 2];
  }
}
