package org.descry.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class RowsTest {
  @Test
  void rowsOfAnyMatrixAreRead() {
    Engine.start();
    INDArray whole = Nd4j.arange(20).castTo(DataType.FLOAT).reshape('c', 4, 5);
    INDArray part =
        whole.get(NDArrayIndex.interval(1, 3), NDArrayIndex.interval(1, 4)); // 6 7 8, 11 12 13
    for (INDArray matrix :
        List.of(part, part.dup('c'), part.dup('f'), part.castTo(DataType.DOUBLE))) {
      Rows rows = Rows.of(matrix);
      assertThat(rows.count()).isEqualTo(2);
      assertThat(rows.width()).isEqualTo(3);
      assertThat(rows.floats(0)).containsExactly(6, 7, 8);
      assertThat(rows.floats(1)).containsExactly(11, 12, 13);
      assertThat(rows.read(1, new double[3])).containsExactly(11, 12, 13);
    }
  }
}
