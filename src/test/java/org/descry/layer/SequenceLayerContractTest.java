package org.descry.layer;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.descry.kernel.RnnCell;
import org.descry.testing.LayerContract;
import org.descry.testing.LossContract;
import org.descry.testing.RandomArrays;
import org.descry.testing.VertexContract;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers and the vertex of the sequence models against the one contract. */
class SequenceLayerContractTest {
  private static final int N = 3;
  private static final int STEPS = 4;
  // The time that autodiff takes grows with the square of the unrolled steps.
  private static final int RECURRENT_STEPS = 3;
  private static final int WIDTH = 5;
  private static final int HIDDEN = 3;

  @TestFactory
  Stream<DynamicContainer> layers() {
    RandomArrays random = new RandomArrays(31);
    LayerContract embedding =
        new LayerContract(
                () -> new WordEmbeddingLayer.Builder().vocabulary(6).width(WIDTH).build(),
                Sequences.words(STEPS),
                random.integers(6, N, STEPS))
            .ofWords();
    LayerContract oneHot =
        new LayerContract(
                () -> new OneHotLayer.Builder().vocabulary(6).build(),
                Sequences.words(STEPS),
                random.integers(6, N, STEPS))
            .ofWords();
    LayerContract affine =
        new LayerContract(
            () -> new TemporalAffineLayer.Builder().nOut(4).build(),
            Sequences.type(WIDTH, STEPS),
            random.normal(N, STEPS, WIDTH));
    LayerContract bias =
        new LayerContract(
            () -> new TemporalBiasLayer.Builder().build(),
            Sequences.type(WIDTH, STEPS),
            random.normal(N, STEPS, WIDTH));
    LayerContract last =
        new LayerContract(
                () -> new LastStepLayer.Builder().build(),
                Sequences.type(WIDTH, STEPS),
                random.normal(N, STEPS, WIDTH))
            .masked(random.mask(N, STEPS));
    LayerContract places =
        new LayerContract(
            () -> new PlacesLayer.Builder().build(),
            InputType.convolutional(3, 4, 2),
            random.normal(N, 2, 3, 4));
    return Stream.of(
        dynamicContainer(
            "places",
            places.checks().filter(check -> !check.getDisplayName().startsWith("transfer"))),
        dynamicContainer("temporal bias", bias.checks()),
        // Without parameters there is nothing to transfer.
        dynamicContainer(
            "last step",
            last.checks().filter(check -> !check.getDisplayName().startsWith("transfer"))),
        dynamicContainer("word embedding", embedding.checks()),
        // Without parameters and a gradient there is nothing to differentiate or to transfer.
        dynamicContainer(
            "one-hot words",
            oneHot
                .checks()
                .filter(check -> !check.getDisplayName().matches(".*gradient.*|transfer.*"))),
        dynamicContainer("temporal affine", affine.checks()));
  }

  @TestFactory
  Stream<DynamicContainer> loss() {
    RandomArrays random = new RandomArrays(32);
    return Stream.of(
        dynamicContainer(
            "temporal softmax",
            new LossContract(
                    TemporalSoftmaxLossLayer::new,
                    () -> new TemporalAffineLayer.Builder().nOut(WIDTH).build(),
                    Sequences.type(WIDTH, STEPS),
                    random.normal(N, STEPS, WIDTH),
                    random.integers(WIDTH, N, STEPS),
                    random.raggedMask(N, STEPS))
                .checks()));
  }

  @TestFactory
  Stream<DynamicContainer> rnn() {
    INDArray mask = new RandomArrays(33).raggedMask(N, RECURRENT_STEPS);
    Stream<DynamicContainer> others =
        Stream.of(
            rnn(
                ", both directions, initial state, mask",
                new RnnVertex(RnnCell.LINEAR, WIDTH, HIDDEN, 1, true, true, 0),
                mask),
            readout(RnnCell.LINEAR, RnnVertex.Readout.INPUT_AND_STATE, false, mask),
            attention(RnnCell.VANILLA, 1, 0, null),
            attention(RnnCell.GRU, 1, 0.5, mask),
            attention(RnnCell.LSTM, 2, 0.5, mask));
    Stream<DynamicContainer> cells =
        EnumSet.complementOf(EnumSet.of(RnnCell.LINEAR)).stream()
            .flatMap(
                cell ->
                    Stream.of(
                        rnn("", new RnnVertex(cell, WIDTH, HIDDEN, 1, false, false, 0), null),
                        rnn(", mask", new RnnVertex(cell, WIDTH, HIDDEN, 1, false, false, 0), mask),
                        rnn(
                            ", initial state, mask",
                            new RnnVertex(cell, WIDTH, HIDDEN, 1, false, true, 0),
                            mask),
                        readout(cell, RnnVertex.Readout.FINAL_STATE, true, mask),
                        readout(cell, RnnVertex.Readout.ALL_FINAL_STATES, true, mask),
                        timeMajor(cell, false),
                        timeMajor(cell, true),
                        rnn(
                            ", two layers, both directions, initial state, mask",
                            new RnnVertex(cell, WIDTH, HIDDEN, 2, true, true, 0),
                            mask)));
    return Stream.concat(others, cells);
  }

  private static DynamicContainer attention(
      RnnCell cell, int layers, double penalty, INDArray mask) {
    RandomArrays random = new RandomArrays(34);
    var vertex = new AttentionRnnVertex(cell, WIDTH, HIDDEN, layers, 4, 2, 3, penalty);
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", random.normal(N, RECURRENT_STEPS, WIDTH));
    inputs.put("h0", random.normal(N, vertex.stateWidth()));
    return dynamicContainer(
        "attention, %s, %s layers, penalty %s".formatted(cell, layers, penalty),
        new VertexContract(
                vertex::clone,
                List.of(
                    Sequences.type(WIDTH, RECURRENT_STEPS),
                    InputType.feedForward(vertex.stateWidth())),
                inputs,
                mask)
            .checks());
  }

  private static DynamicContainer readout(
      RnnCell cell, RnnVertex.Readout readout, boolean bidirectional, INDArray mask) {
    return dynamicContainer(
        cell + ", " + readout,
        new VertexContract(
                () ->
                    new RnnVertex(cell, WIDTH, HIDDEN, 1, bidirectional, false, 0).giving(readout),
                List.of(Sequences.type(WIDTH, RECURRENT_STEPS)),
                Map.of("x", new RandomArrays(35).normal(N, RECURRENT_STEPS, WIDTH)),
                mask)
            .checks());
  }

  /** Sequences of as many steps as there are states, since the contract knows one batch size. */
  private static DynamicContainer timeMajor(RnnCell cell, boolean finalStates) {
    RandomArrays random = new RandomArrays(36);
    int cells = 2;
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", random.normal(cells, N, WIDTH));
    inputs.put("h0", random.normal(cells, N, HIDDEN));
    List<InputType> types = new ArrayList<>();
    types.add(Sequences.type(WIDTH, N));
    types.add(Sequences.type(HIDDEN, N));
    if (cell.states() == 2) {
      inputs.put("c0", random.normal(cells, N, HIDDEN));
      types.add(Sequences.type(HIDDEN, N));
    }
    return dynamicContainer(
        "time-major " + cell + (finalStates ? ", final h" : ""),
        new VertexContract(
                () -> new TimeMajorRnnVertex(cell, WIDTH, HIDDEN, 1, true, true, finalStates),
                types,
                inputs,
                null)
            .checks());
  }

  private static DynamicContainer rnn(String variant, RnnVertex vertex, INDArray mask) {
    String name = vertex.cell() + variant;
    RandomArrays random = new RandomArrays(name.hashCode());
    List<InputType> types = new ArrayList<>(List.of(Sequences.type(WIDTH, RECURRENT_STEPS)));
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", random.normal(N, RECURRENT_STEPS, WIDTH));
    if (vertex.hasInitialState()) {
      inputs.put("h0", random.normal(N, vertex.stateWidth()));
      types.add(InputType.feedForward(vertex.stateWidth()));
    }
    return dynamicContainer(name, new VertexContract(vertex::clone, types, inputs, mask).checks());
  }

  @TestFactory
  Stream<DynamicContainer> tied() {
    return Stream.of(RnnCell.values()).map(SequenceLayerContractTest::tied);
  }

  private static DynamicContainer tied(RnnCell cell) {
    RandomArrays random = new RandomArrays(34);
    int states = 2 * cell.states() * HIDDEN;
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", random.integers(6, N, RECURRENT_STEPS));
    inputs.put("h0", random.normal(N, states));
    return dynamicContainer(
        "tied " + cell,
        new VertexContract(
                () -> new TiedRnnVertex(cell, 6, HIDDEN, 2, true),
                List.of(Sequences.words(RECURRENT_STEPS), InputType.feedForward(states)),
                inputs,
                random.raggedMask(N, RECURRENT_STEPS))
            .checks());
  }
}
