package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.descry.engine.Allocator;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class BatchNormTest {
  @Test
  void oneValueAChannelIsRefusedInTraining() {
    BatchNorm kernel = new BatchNorm();
    RandomArrays random = new RandomArrays(4);
    BatchNorm.Parameters p =
        new BatchNorm.Parameters(
            random.normal(3), random.normal(3), random.normal(3), random.normal(3).muli(0).addi(1));
    for (INDArray x : List.of(random.normal(1, 3), random.normal(1, 3, 1, 1))) {
      assertThatThrownBy(() -> kernel.forward(x, p, true, Allocator.DETACHED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("BatchNorm: expected more than one value a channel in training");
      kernel.forward(x, p, false, Allocator.DETACHED);
    }
    INDArray x = random.normal(1, 3, 2, 1);
    INDArray dOut = random.normal(1, 3, 2, 1);
    BatchNorm.Cache cache = kernel.forward(x, p, true, Allocator.DETACHED);
    INDArray dX =
        kernel.backward(
            dOut,
            cache,
            Nd4j.create(dOut.dataType(), 3),
            Nd4j.create(dOut.dataType(), 3),
            Allocator.DETACHED);
    Numeric.assertSmoothGradient(
        "dx",
        dX,
        x,
        () -> Numeric.dot(kernel.forward(x, p, true, Allocator.DETACHED).out(), dOut),
        1e-6);
  }
}
