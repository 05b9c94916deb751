package org.descry.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.descry.testing.Numeric;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The stacked network against figures of PyTorch, which say themselves where they are from. */
class TimeMajorRnnTest {
  private static final int LAYERS = 2;
  private static final int HIDDEN = 4;

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
      TorchFigures.assertEqual(result.output(), array("output"));
      TorchFigures.assertEqual(result.hN(), array("h_n"));
    }
  }

  /** The gradient of sum(output * a) + sum(hN * b) + sum(cN * c) against central differences. */
  @Test
  void itsBackwardPassIsThatOfPyTorchsShapes() {
    for (RnnCell kind : RnnCell.values()) {
      RandomArrays random = new RandomArrays(11);
      int states = kind.states();
      List<StackedRnn.Parameters> cells = new ArrayList<>();
      List<StackedRnn.Parameters> gradients = new ArrayList<>();
      for (int i = 0; i < 2 * LAYERS; i++) {
        long width = (long) kind.gates() * HIDDEN;
        long in = i < 2 ? 3 : 2 * HIDDEN;
        INDArray b = random.normal(width);
        cells.add(
            new StackedRnn.Parameters(random.normal(in, width), random.normal(HIDDEN, width), b));
        gradients.add(
            new StackedRnn.Parameters(
                Numeric.unset(cells.get(i).wX()), Numeric.unset(cells.get(i).wH()), b.dup()));
      }
      INDArray input = random.normal(5, 2, 3);
      INDArray h0 = random.normal(2 * LAYERS, 2, HIDDEN);
      INDArray c0 = states == 2 ? random.normal(2 * LAYERS, 2, HIDDEN) : null;
      INDArray dOutput = random.normal(5, 2, 2 * HIDDEN);
      INDArray dHn = random.normal(2 * LAYERS, 2, HIDDEN);
      INDArray dCn = states == 2 ? random.normal(2 * LAYERS, 2, HIDDEN) : null;
      TimeMajorRnn rnn = new TimeMajorRnn(kind, LAYERS, true);
      DoubleSupplier value =
          () -> {
            var result = rnn.forward(input, h0, c0, cells);
            double sum = Numeric.dot(result.output(), dOutput) + Numeric.dot(result.hN(), dHn);
            return dCn == null ? sum : sum + Numeric.dot(result.cN(), dCn);
          };
      var flow = rnn.backward(dOutput, dHn, dCn, rnn.forward(input, h0, c0, cells), gradients);
      assertDerivative(value, input, flow.dInput().dup('c'));
      assertDerivative(value, h0, flow.dH0().dup('c'));
      if (c0 != null) {
        assertDerivative(value, c0, flow.dC0().dup('c'));
      }
      for (int i = 0; i < cells.size(); i++) {
        assertDerivative(value, cells.get(i).wX(), gradients.get(i).wX());
        assertDerivative(value, cells.get(i).wH(), gradients.get(i).wH());
        assertDerivative(value, cells.get(i).b(), gradients.get(i).b());
      }
    }
  }

  private static void assertDerivative(DoubleSupplier value, INDArray at, INDArray gradient) {
    double step = 1e-5;
    for (long i = 0; i < at.length(); i++) {
      double before = at.getDouble(i);
      at.putScalar(i, before + step);
      double up = value.getAsDouble();
      at.putScalar(i, before - step);
      double down = value.getAsDouble();
      at.putScalar(i, before);
      double expected = (up - down) / (2 * step);
      assertThat(gradient.getDouble(i))
          .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
    }
  }

  @Test
  void cellsWithoutCTakeNone() {
    TimeMajorRnn rnn = new TimeMajorRnn(LAYERS, true);
    INDArray h0 = array("h0");
    assertThatThrownBy(() -> rnn.forward(array("input"), h0, h0, parameters(DataType.DOUBLE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without c, got c");
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
