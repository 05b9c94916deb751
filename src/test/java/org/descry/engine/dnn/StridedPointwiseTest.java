package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.descry.engine.Engine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Projections that skip pixels, as residual networks have them. An implementation of oneDNN wrote
 * beyond its memory here, so that the JVM ended later, somewhere else.
 */
class StridedPointwiseTest {
  private static final int IMAGES = 3;
  private static final int FILTERS = 5;
  private static final int SIDE = 6;

  @BeforeAll
  static void start() {
    Engine.start();
    assumeTrue(Dnn.on());
  }

  private static INDArray images(int channels, int side) {
    return Nd4j.rand(DataType.FLOAT, IMAGES, side, side, channels).permute(0, 3, 1, 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 33})
  void gradientsAreThoseOfEverySecondPixel(int channels) {
    INDArray x = images(channels, SIDE);
    INDArray dOut = images(FILTERS, SIDE / 2);
    INDArray w = Nd4j.rand(DataType.FLOAT, FILTERS, channels, 1, 1);
    INDArray dW = Nd4j.create(DataType.FLOAT, FILTERS, channels, 1, 1);
    INDArray db = Nd4j.create(DataType.FLOAT, FILTERS);
    INDArray dX = images(channels, SIDE);
    for (int i = 0; i < 20; i++) { // what is written beyond is noticed sooner or later
      new Convolution(new Geometry(new long[] {1, 1}, new long[] {2, 2}, new long[] {0, 0}), null)
          .backward(x, w, dOut, dW, db, dX);
    }
    for (int f = 0; f < FILTERS; f++) {
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        for (int n = 0; n < IMAGES; n++) {
          for (int i = 0; i < SIDE / 2; i++) {
            for (int j = 0; j < SIDE / 2; j++) {
              sum += x.getDouble(n, c, 2 * i, 2 * j) * dOut.getDouble(n, f, i, j);
            }
          }
        }
        assertThat(dW.getDouble(f, c, 0, 0)).isCloseTo(sum, within(1e-4 * Math.abs(sum)));
      }
    }
  }
}
