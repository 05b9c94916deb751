package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The stacked network against figures of PyTorch, which say themselves where they are from. */
class TimeMajorRnnTest {
  private static final int LAYERS = 2;

  private static TorchFigures figures;

  @BeforeAll
  static void read() throws IOException {
    figures = TorchFigures.read("torch_rnn.json");
  }

  private static INDArray array(String name) {
    return figures.array(name);
  }

  private static List<StackedRnn.Parameters> parameters(DataType type) {
    List<StackedRnn.Parameters> cells = new ArrayList<>();
    for (int layer = 0; layer < LAYERS; layer++) {
      for (String direction : List.of("", "_reverse")) {
        String cell = "_l" + layer + direction;
        cells.add(
            TimeMajorRnn.parameters(
                array("weight_ih" + cell).castTo(type),
                array("weight_hh" + cell).castTo(type),
                array("bias_ih" + cell).castTo(type),
                array("bias_hh" + cell).castTo(type)));
      }
    }
    return cells;
  }

  @Test
  void givesPyTorchsNumbers() {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      TimeMajorRnn rnn = new TimeMajorRnn(LAYERS, true);
      TimeMajorRnn.Result result =
          rnn.forward(array("input").castTo(type), array("h0").castTo(type), parameters(type));
      assertEqual(result.output(), array("output"));
      assertEqual(result.hN(), array("h_n"));
    }
  }

  private static void assertEqual(INDArray actual, INDArray expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue())
        .isLessThan(5e-7);
  }

  @Test
  void resultsOutliveTheNextCallAndNoStateMeansZeros() {
    TimeMajorRnn rnn = new TimeMajorRnn(LAYERS, true);
    INDArray input = array("input");
    var fromZeros = rnn.forward(input, array("h0").assign(0), parameters(DataType.DOUBLE));
    INDArray output = fromZeros.output().dup();
    INDArray last = fromZeros.hN().dup();
    var fromNothing = rnn.forward(input, null, parameters(DataType.DOUBLE));
    rnn.forward(input.neg(), array("h0"), parameters(DataType.DOUBLE));
    assertThat(fromZeros.output()).isEqualTo(output);
    assertThat(fromNothing.output()).isEqualTo(output);
    assertThat(fromNothing.hN()).isEqualTo(last);
  }

  @Test
  void refusesStatesOfAnotherOrder() {
    TimeMajorRnn rnn = new TimeMajorRnn(LAYERS, true);
    INDArray h0 = array("h0").permute(1, 0, 2);
    assertThatThrownBy(() -> rnn.forward(array("input"), h0, parameters(DataType.DOUBLE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("h0");
  }
}
