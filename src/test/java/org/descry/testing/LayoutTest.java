package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class LayoutTest {
  @ParameterizedTest
  @EnumSource
  void valuesAndShapeStay(Layout layout) {
    RandomArrays random = new RandomArrays(1);
    for (long[] shape : new long[][] {{7}, {3, 4}, {2, 3, 4}, {2, 3, 4, 5}, {1, 1, 1, 1}}) {
      INDArray array = random.normal(shape.clone());
      INDArray copy = layout.of(array);
      assertThat(array.shape()).isEqualTo(shape);
      assertThat(copy.shape()).isEqualTo(shape);
      assertThat(Vectors.relativeError(copy, array)).isZero();
    }
  }
}
