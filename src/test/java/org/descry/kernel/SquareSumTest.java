package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SquareSumTest {
  @ParameterizedTest
  @CsvSource({"FLOAT,1,2e-7", "FLOAT,100000,3e-6", "DOUBLE,100000,1e-14", "FLOAT,16384,3e-6"})
  void addsUpTheSquaresOfAView(DataType type, int length, double bound) {
    Random random = new Random(3);
    INDArray around = Nd4j.zeros(type, length + 7);
    double expected = 0;
    for (int i = 0; i < around.length(); i++) {
      around.putScalar(i, random.nextGaussian());
    }
    for (int i = 5; i < length + 5; i++) {
      expected += Math.pow(around.getDouble(i), 2);
    }
    SquareSum sum = new SquareSum(around.get(NDArrayIndex.interval(5, length + 5)));
    assertThat(sum.get()).isCloseTo(expected, within(bound * expected));
    around.muli(2);
    assertThat(sum.get()).isCloseTo(4 * expected, within(4 * bound * expected));
  }

  @Test
  void theOrderOfMemoryDoesNotMatter() {
    INDArray columns = Nd4j.create(new double[] {1, 2, 3, 4, 5, 6}, new long[] {2, 3}, 'f');
    assertThat(new SquareSum(columns).get()).isEqualTo(91);
    assertThat(new SquareSum(Nd4j.zeros(4)).get()).isZero();
  }
}
