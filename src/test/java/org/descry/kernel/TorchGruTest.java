package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A GRU in both directions against PyTorch's {@code nn.GRU}: figures of PyTorch 2.7.1 (CPU,
 * float64, through DJL 0.35.1) for input [4, 2, 3] and width 2. Arrays are {@code scale sin(0.7 i +
 * phase)} in row-major order of PyTorch's shapes; the hidden bias of n is 0.
 */
class TorchGruTest {
  private static final double[] OUTPUT = {
    -0.5156509362593406, 0.5086047626741447, 0.5917256807093833, -0.6609919520101393,
    0.5880323126579189, -0.08256724233314483, 0.42770697694500215, -0.3776240451741376,
    0.015210928755461484, 0.6583358033585192, 0.16862375677903096, -0.2818332220958526,
    -0.540694616651742, -0.0216050018100349, 0.5085595733417898, -0.6333144841565181,
    0.3434729811547927, 0.11014275151257291, 0.4574631382693072, -0.43885167296315875,
    -0.11353292060204934, 0.6413155628573214, -0.4598966463972864, -0.3410804944093092,
    -0.5885899323267059, 0.09747068299879305, 0.5526577490012052, -0.7415389916152099,
    0.2689190194327847, 0.08920064996795418, -0.27795452645896174, -0.4425900744117708
  };

  private static final double[] LAST = {
    -0.5885899323267059, 0.09747068299879305, 0.2689190194327847, 0.08920064996795418,
    0.5917256807093833, -0.6609919520101393, 0.42770697694500215, -0.3776240451741376
  };

  private static INDArray wave(double phase, double scale, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, scale * Math.sin(0.7 * i + phase));
    }
    return array;
  }

  @Test
  void givesPyTorchsNumbers() {
    List<StackedRnn.Parameters> cells = new ArrayList<>();
    for (int phase : new int[] {0, 4}) {
      INDArray ofState = wave(4 + phase, 0.5, 6);
      ofState.get(NDArrayIndex.interval(4, 6)).assign(0);
      cells.add(
          TimeMajorRnn.parameters(
              wave(1 + phase, 0.9, 6, 3),
              wave(2 + phase, 0.9, 6, 2),
              wave(3 + phase, 0.5, 6),
              ofState));
    }
    var result =
        new TimeMajorRnn(RnnCell.GRU, 1, true)
            .forward(wave(0.1, 1, 4, 2, 3), wave(0.5, 0.7, 2, 2, 2), cells);
    assertEqual(result.output(), OUTPUT);
    assertEqual(result.hN(), LAST);
  }

  private static void assertEqual(INDArray actual, double[] expected) {
    assertThat(actual.dup('c').data().asDouble()).containsExactly(expected, within(1e-12));
  }
}
