package org.descry.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.RnnCell;
import org.descry.testing.RandomArrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** DL4J's own ways to read a sequence piece by piece, over a recurrent vertex. */
class RecurrentStateTest {
  private static final int STEPS = 5;
  private static final int VOCABULARY = 4;
  private static final int HIDDEN = 3;
  private static final int LAYERS = 2;

  private final RandomArrays random = new RandomArrays(5);
  private final INDArray x = random.normal(2, STEPS, VOCABULARY);

  private static GraphBuilder builder() {
    return new NeuralNetConfiguration.Builder().seed(3).dataType(DataType.DOUBLE).graphBuilder();
  }

  private static ComputationGraph network(RnnCell cell, boolean initialState) {
    GraphBuilder builder = builder();
    RnnVertex rnn = new RnnVertex(cell, VOCABULARY, HIDDEN, LAYERS, false, initialState, 0);
    if (initialState) {
      builder
          .addInputs("x", "h0")
          .setInputTypes(Sequences.type(VOCABULARY, STEPS), InputType.feedForward(rnn.stateWidth()))
          .addVertex("rnn", rnn, "x", "h0");
    } else {
      builder
          .addInputs("x")
          .setInputTypes(Sequences.type(VOCABULARY, STEPS))
          .addVertex("rnn", rnn, "x");
    }
    return withScores(builder);
  }

  private static ComputationGraph withScores(GraphBuilder builder) {
    ComputationGraph network =
        new ComputationGraph(
            builder
                .addLayer(
                    "scores", new TemporalAffineLayer.Builder().nOut(VOCABULARY).build(), "rnn")
                .addLayer("loss", new TemporalSoftmaxLossLayer(), "scores")
                .setOutputs("loss")
                .build());
    network.init();
    return network;
  }

  private static INDArray steps(INDArray sequence, int from, int to) {
    return sequence.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to), NDArrayIndex.all());
  }

  private static void assertClose(INDArray got, INDArray expected) {
    assertThat(got.sub(expected).norm2Number().doubleValue()).isCloseTo(0, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource
  void stepsFollowOneAnother(RnnCell cell) {
    ComputationGraph network = network(cell, false);
    INDArray whole = network.outputSingle(x);
    assertClose(network.rnnTimeStep(steps(x, 0, 1))[0], steps(whole, 0, 1));
    assertClose(network.rnnTimeStep(steps(x, 1, 4))[0], steps(whole, 1, 4));
    network.output(x); // is no time step
    assertClose(network.rnnTimeStep(steps(x, 4, 5))[0], steps(whole, 4, 5));
    network.rnnClearPreviousState();
    assertClose(network.rnnTimeStep(steps(x, 0, 2))[0], steps(whole, 0, 2));
  }

  @ParameterizedTest
  @EnumSource
  void theFirstStepStartsFromTheInput(RnnCell cell) {
    ComputationGraph network = network(cell, true);
    INDArray h0 = random.normal(2, LAYERS * cell.states() * HIDDEN);
    INDArray whole = network.outputSingle(x, h0);
    assertClose(network.rnnTimeStep(steps(x, 0, 3), h0)[0], steps(whole, 0, 3));
    assertClose(network.rnnTimeStep(steps(x, 3, 5), h0)[0], steps(whole, 3, 5));
  }

  @Test
  void stateCanBeReadAndSet() {
    ComputationGraph network = network(RnnCell.LSTM, false);
    INDArray whole = network.outputSingle(x);
    network.rnnTimeStep(steps(x, 0, 3));
    Map<String, INDArray> state = network.rnnGetPreviousState("rnn");
    assertThat(state.get("h0").shape()).containsExactly(2, LAYERS * 2 * HIDDEN);
    assertThat(network.rnnGetPreviousStates()).containsOnlyKeys("rnn");
    network.rnnClearPreviousState();
    assertThat(network.rnnGetPreviousState("rnn")).isNull();
    network.rnnSetPreviousState("rnn", state);
    assertClose(network.rnnTimeStep(steps(x, 3, 5))[0], steps(whole, 3, 5));
    assertThatThrownBy(
            () -> network.rnnSetPreviousState("rnn", Map.of("h0", random.normal(2, HIDDEN))))
        .hasMessageContaining("expected the states \"h0\" of shape [*, 12], got [2, 3]");
  }

  @Test
  void otherRowsAreRefused() {
    ComputationGraph network = network(RnnCell.VANILLA, false);
    network.rnnTimeStep(steps(x, 0, 1));
    INDArray three = random.normal(3, 1, VOCABULARY);
    assertThatThrownBy(() -> network.rnnTimeStep(three))
        .hasMessageContaining("expected 2 sequences as in the time step before, got 3");
  }

  @Test
  void bothDirectionsAreRefused() {
    ComputationGraph network =
        withScores(
            builder()
                .addInputs("x")
                .setInputTypes(Sequences.type(VOCABULARY, STEPS))
                .addVertex(
                    "rnn",
                    new RnnVertex(RnnCell.VANILLA, VOCABULARY, HIDDEN, 1, true, false, 0),
                    "x"));
    assertThat(network.outputSingle(x).shape()).containsExactly(2, STEPS, VOCABULARY);
    assertThatThrownBy(() -> network.rnnTimeStep(x))
        .hasMessageContaining("expected one direction for rnnTimeStep");
  }

  @Test
  void truncatedBackpropagationIsRefused() {
    GraphBuilder builder =
        builder()
            .addInputs("x")
            .setInputTypes(Sequences.type(VOCABULARY, STEPS))
            .backpropType(BackpropType.TruncatedBPTT)
            .addVertex("rnn", new RnnVertex(VOCABULARY, HIDDEN, false), "x");
    assertThatThrownBy(() -> withScores(builder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RnnVertex \"rnn\": expected backpropType Standard");
  }
}
