package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.descry.engine.Allocator;
import org.descry.engine.dnn.Dnn;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Images that are convolved and pooled a few at a time. */
class PooledConvolutionTest {
  private static final Window CONV = new Window(3, 3, 1, 1, 1, 1);
  private static final Window POOL = new Window(2, 2, 2, 2, 0, 0);

  private final Random random = new Random(4);

  /** 32 filters on 32 x 32 places: so many images are no multiple of a part's. */
  @ParameterizedTest
  @CsvSource({"21, RELU, true", "21, RELU, false", "32, RELU, true", "21, TANH, true"})
  void givesWhatTheImagesGiveOneByOne(int images, Activation activation, boolean training) {
    assumeTrue(Dnn.on(), "oneDNN is " + Dnn.state());
    INDArray x = images(images, 3, 32);
    BlockParameters p = new BlockParameters(values(32, 3, 3, 3), values(32), null);
    ConvBlock block = new ConvBlock(CONV, false, activation, POOL);
    ConvBlock.Cache all = block.forward(x, p, training, Allocator.DETACHED);

    ConvBlock other = new ConvBlock(CONV, false, activation, POOL);
    for (int i = 0; i < images; i++) {
      INDArray one = x.get(NDArrayIndex.interval(i, i + 1));
      INDArray alone = other.forward(one, p, training, Allocator.DETACHED).out();
      INDArray together = all.out().get(NDArrayIndex.interval(i, i + 1));
      assertThat(distance(together, alone)).as("image %d", i).isLessThan(1e-5);
    }
  }

  /** The way back reads nothing of what the parts have written over. */
  @ParameterizedTest
  @CsvSource({"1, RELU", "3, RELU", "8, RELU", "8, TANH"})
  void hasTheGradientsOfNd4jsOperations(int channels, Activation activation) {
    assumeTrue(Dnn.on(), "oneDNN is " + Dnn.state());
    INDArray x = images(21, channels, 32);
    INDArray w = values(32, channels, 3, 3);
    INDArray dOut = images(21, 32, 16);
    INDArray[] direct = gradients(activation, x, w, dOut);
    Dnn.set(false);
    try {
      INDArray[] fallback = gradients(activation, x, w, dOut);
      for (int i = 0; i < direct.length; i++) {
        double size = fallback[i].amaxNumber().doubleValue();
        assertThat(distance(direct[i], fallback[i]) / size).isLessThan(1e-4);
      }
    } finally {
      Dnn.set(true);
    }
  }

  private static INDArray[] gradients(
      Activation activation, INDArray x, INDArray w, INDArray dOut) {
    BlockParameters p = new BlockParameters(w, Nd4j.zeros(DataType.FLOAT, 32).addi(0.1), null);
    BlockGradients to =
        new BlockGradients(
            Nd4j.create(DataType.FLOAT, w.shape()), Nd4j.create(DataType.FLOAT, 32), null, null);
    ConvBlock block = new ConvBlock(CONV, false, activation, POOL);
    ConvBlock.Cache cache = block.forward(x, p, true, Allocator.DETACHED);
    Allocator allocator = x.size(1) == 3 ? null : Allocator.DETACHED;
    INDArray dX = block.backward(dOut, cache, to, allocator);
    return dX == null ? new INDArray[] {to.w(), to.b()} : new INDArray[] {to.w(), to.b(), dX};
  }

  private static double distance(INDArray one, INDArray other) {
    return one.sub(other).amaxNumber().doubleValue();
  }

  private INDArray images(long n, long channels, long side) {
    return values(n, side, side, channels).permute(0, 3, 1, 2);
  }

  private INDArray values(long... shape) {
    float[] values = new float[(int) Nd4j.createUninitialized(shape).length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape(shape);
  }
}
