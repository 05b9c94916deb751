package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SoftmaxLossTest {
  @Test
  void scoresFarApartGiveFiniteLosses() {
    INDArray scores = Nd4j.createFromArray(new float[][] {{200, 0, -300}, {0, 200, -300}});
    INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0, 0}, {1, 0, 0}});
    INDArray losses = new SoftmaxLoss().forward(scores, labels, null).losses();
    assertThat(losses.getDouble(0)).isZero();
    assertThat(losses.getDouble(1)).isCloseTo(200, within(1e-4));
  }
}
