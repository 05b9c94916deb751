package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class EngineTest {
  @Test
  void nd4jComputes() {
    assertThat(Nd4j.ones(2, 3).mmul(Nd4j.ones(3, 2)).getDouble(0)).isEqualTo(3.0);
  }
}
