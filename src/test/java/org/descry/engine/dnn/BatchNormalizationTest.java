package org.descry.engine.dnn;

import static org.assertj.core.api.Assertions.assertThat;

import org.descry.engine.Allocator;
import org.descry.kernel.BatchNorm;
import org.descry.testing.RandomArrays;
import org.descry.testing.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Batch normalisation by oneDNN is ND4J's, and hides nothing. */
@EnabledIf("org.descry.engine.dnn.Dnn#on")
class BatchNormalizationTest {
  private static final double TOLERANCE = 2e-5;

  private final RandomArrays random = new RandomArrays(11);

  private BatchNorm.Parameters parameters(long channels) {
    return new BatchNorm.Parameters(
        random.floats(channels),
        random.floats(channels),
        random.floats(channels),
        random.floats(channels).muli(0).addi(1));
  }

  /** The result, the gradients and the running averages of one way. */
  private static INDArray[] pass(
      boolean direct, INDArray x, INDArray dOut, BatchNorm.Parameters p) {
    boolean before = Dnn.set(direct);
    try {
      BatchNorm.Parameters own =
          new BatchNorm.Parameters(
              p.gamma(), p.beta(), p.runningMean().dup(), p.runningVariance().dup());
      BatchNorm kernel = new BatchNorm();
      BatchNorm.Cache cache = kernel.forward(x, own, true, Allocator.DETACHED);
      assertThat(cache.centred() == null).isEqualTo(direct);
      kernel.updateRunning(cache);
      INDArray dGamma = Nd4j.create(DataType.FLOAT, p.gamma().length());
      INDArray dBeta = Nd4j.create(DataType.FLOAT, p.gamma().length());
      INDArray dX = kernel.backward(dOut, cache, dGamma, dBeta, Allocator.DETACHED);
      return new INDArray[] {
        cache.out(), dX, dGamma, dBeta, own.runningMean(), own.runningVariance()
      };
    } finally {
      Dnn.set(before);
    }
  }

  @ParameterizedTest
  @CsvSource({"2,1,1,1", "7,3,5,4", "16,16,8,8", "100,33,1,1", "5,64,4,3"})
  void imagesAndRows(int n, int c, int h, int w) {
    boolean images = h > 1;
    INDArray x = images ? random.floats(n, h, w, c).permute(0, 3, 1, 2) : random.floats(n, c);
    x.muli(3).addi(7);
    INDArray dOut = images ? random.floats(n, c, h, w) : random.floats(n, c);
    BatchNorm.Parameters p = parameters(c);
    INDArray[] direct = pass(true, x, dOut, p);
    INDArray[] plain = pass(false, x, dOut, p);
    for (int i = 0; i < direct.length; i++) {
      assertThat(Vectors.relativeError(direct[i].dup('c'), plain[i].dup('c'), 1))
          .as("array %s", i)
          .isLessThan(TOLERANCE);
    }
  }

  @Test
  void whatIsNotANumberStaysVisible() {
    INDArray x = random.floats(8, 2, 2, 16).permute(0, 3, 1, 2);
    x.putScalar(new int[] {3, 5, 1, 0}, Float.NaN);
    INDArray out = pass(true, x, random.floats(8, 16, 2, 2), parameters(16))[0];
    for (int n = 0; n < 8; n++) {
      assertThat(out.getFloat(n, 5, 0, 0)).isNaN();
      assertThat(out.getFloat(n, 4, 0, 0)).isFinite();
    }
  }

  @Test
  void theSameBitsTwice() {
    INDArray x = random.floats(32, 8, 8, 24).permute(0, 3, 1, 2);
    INDArray dOut = random.floats(32, 8, 8, 24).permute(0, 3, 1, 2);
    BatchNorm.Parameters p = parameters(24);
    INDArray[] once = pass(true, x, dOut, p);
    INDArray[] twice = pass(true, x, dOut, p);
    for (int i = 0; i < once.length; i++) {
      assertThat(once[i]).isEqualTo(twice[i]);
      assertThat(once[i].dup('c').data().asFloat()).isEqualTo(twice[i].dup('c').data().asFloat());
    }
  }
}
