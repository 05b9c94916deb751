package org.descry.gradcheck;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.samediff.SameDiffVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.kernel.RnnCell;
import org.descry.layer.AttentionRnnVertex;
import org.descry.layer.RnnVertex;
import org.descry.layer.Sequences;
import org.descry.layer.TiedRnnVertex;
import org.descry.layer.TimeMajorRnnVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The recurrent vertices on small random arrays, see {@link LayerCases}. */
final class RecurrentCases {
  private static final long SEED = 20;
  private static final int N = 4;
  private static final int WIDTH = 4;
  private static final int HIDDEN = 3;
  private static final int VOCABULARY = 5;
  // The time that autodiff takes grows with the square of the unrolled steps.
  private static final int STEPS = 3;

  private static final Set<RnnCell> GATED_OR_SQUASHED =
      EnumSet.complementOf(EnumSet.of(RnnCell.LINEAR));

  private RecurrentCases() {}

  /** A stack of vanilla cells is named {@code rnn}, one of LSTMs {@code lstm}. */
  static List<LayerCases.Case> all() {
    Values random = new Values(SEED);
    INDArray ragged = random.lengths(N, STEPS);
    INDArray holes = random.integers(2, N, STEPS);
    List<LayerCases.Case> cases = new ArrayList<>();
    cases.add(rnn(RnnCell.LINEAR, "two layers, both directions, h0", 2, true, true, holes));
    cases.add(inputAndState(RnnCell.LINEAR, "", null, false));
    cases.add(inputAndState(RnnCell.LINEAR, ", h0, ragged lengths", ragged, true));
    cases.add(inputAndState(RnnCell.LSTM, ", h0", null, true));
    for (RnnCell cell : GATED_OR_SQUASHED) {
      cases.add(rnn(cell, "", 1, false, false, null));
      cases.add(rnn(cell, "h0", 1, false, true, null));
      cases.add(rnn(cell, "h0, ragged lengths", 1, false, true, ragged));
      cases.add(rnn(cell, "mask with holes", 1, false, false, holes));
      cases.add(rnn(cell, "two layers, h0", 2, false, true, null));
      cases.add(
          rnn(cell, "two layers, both directions, h0, ragged lengths", 2, true, true, ragged));
      cases.add(rnn(cell, "both directions, mask with holes", 1, true, false, holes));
      cases.add(finalStates(cell, RnnVertex.Readout.FINAL_STATE, ragged));
      cases.add(finalStates(cell, RnnVertex.Readout.ALL_FINAL_STATES, ragged));
      cases.add(
          rnn(
              "two biases",
              new RnnVertex(cell, WIDTH, HIDDEN, 1, false, false, 0).withTwoBiases(),
              null,
              null));
      cases.add(attention(cell, 1, 0, null));
      cases.add(attention(cell, 2, 0.3, holes));
      cases.add(timeMajor(cell, false));
      cases.add(timeMajor(cell, true));
      cases.add(tied(cell, false, null));
      cases.add(tied(cell, true, ragged));
    }
    return cases;
  }

  private static LayerCases.Case rnn(
      RnnCell cell,
      String variant,
      int layers,
      boolean bidirectional,
      boolean initialState,
      INDArray mask) {
    return rnn(
        variant,
        new RnnVertex(cell, WIDTH, HIDDEN, layers, bidirectional, initialState, 0),
        initialState ? states(cell, layers * (bidirectional ? 2 : 1)) : null,
        mask);
  }

  private static LayerCases.Case rnn(String variant, RnnVertex vertex, INDArray h0, INDArray mask) {
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", new Values(SEED).normal(N, STEPS, WIDTH));
    if (h0 != null) {
      inputs.put("h0", h0);
    }
    String name =
        vertex.cell() == RnnCell.VANILLA ? LayerCases.name(RnnVertex.class) : lower(vertex.cell());
    return vertex(name, variant, vertex, inputs, mask);
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  private static LayerCases.Case finalStates(
      RnnCell cell, RnnVertex.Readout readout, INDArray mask) {
    return rnn(
        lower(readout).replace('_', ' ') + ", two layers, both directions, h0, ragged lengths",
        new RnnVertex(cell, WIDTH, HIDDEN, 2, true, true, 0).giving(readout),
        states(cell, 4),
        mask);
  }

  private static LayerCases.Case timeMajor(RnnCell cell, boolean finalStates) {
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    Values random = new Values(SEED);
    inputs.put("x", random.normal(STEPS, N, WIDTH));
    inputs.put("h0", random.normal(4, N, HIDDEN));
    if (cell.states() == 2) {
      inputs.put("c0", random.normal(4, N, HIDDEN));
    }
    return vertex(
        LayerCases.name(TimeMajorRnnVertex.class),
        lower(cell) + ", two layers, both directions" + (finalStates ? ", final h" : ""),
        new TimeMajorRnnVertex(cell, WIDTH, HIDDEN, 2, true, true, finalStates),
        inputs,
        null);
  }

  private static LayerCases.Case inputAndState(
      RnnCell cell, String variant, INDArray mask, boolean initialState) {
    return rnn(
        "input and state, " + lower(cell) + variant,
        new RnnVertex(cell, WIDTH, HIDDEN, 1, false, initialState, 0)
            .giving(RnnVertex.Readout.INPUT_AND_STATE),
        initialState ? states(cell, 1) : null,
        mask);
  }

  private static LayerCases.Case attention(
      RnnCell cell, int layers, double penalty, INDArray mask) {
    var vertex = new AttentionRnnVertex(cell, WIDTH, HIDDEN, layers, 4, 2, 5, penalty);
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", new Values(SEED).normal(N, STEPS, WIDTH));
    inputs.put("h0", new Values(SEED + 1).normal(N, vertex.stateWidth()));
    return vertex(
        LayerCases.name(AttentionRnnVertex.class),
        lower(cell)
            + (layers > 1 ? ", two layers" : "")
            + (penalty > 0 ? ", penalty" : "")
            + (mask == null ? "" : ", mask"),
        vertex,
        inputs,
        mask);
  }

  private static LayerCases.Case tied(RnnCell cell, boolean initialState, INDArray mask) {
    Map<String, INDArray> inputs = new LinkedHashMap<>();
    inputs.put("x", new Values(SEED).integers(VOCABULARY, N, STEPS));
    if (initialState) {
      inputs.put("h0", states(cell, 2));
    }
    return vertex(
        LayerCases.name(TiedRnnVertex.class),
        lower(cell) + (initialState ? ", h0, ragged lengths" : ""),
        new TiedRnnVertex(cell, VOCABULARY, HIDDEN, 2, initialState),
        inputs,
        mask);
  }

  private static INDArray states(RnnCell cell, int cells) {
    return new Values(SEED + 1).normal(N, (long) cells * cell.states() * HIDDEN);
  }

  private static LayerCases.Case vertex(
      String name,
      String variant,
      SameDiffVertex vertex,
      Map<String, INDArray> inputs,
      INDArray mask) {
    return new LayerCases.Case(
        name,
        vertex.getClass(),
        () -> {
          String[] names = inputs.keySet().toArray(String[]::new);
          InputType[] types =
              inputs.values().stream().map(RecurrentCases::type).toArray(InputType[]::new);
          ComputationGraph network =
              LayerCases.initialized(
                  LayerCases.graph()
                      .addInputs(names)
                      .setInputTypes(types)
                      .addVertex(LayerCases.SUBJECT, vertex, names));
          return new VertexSubject(
              LayerCases.title(name, variant),
              network.getVertex(LayerCases.SUBJECT),
              vertex,
              inputs,
              mask,
              SEED);
        });
  }

  /** Rows, of words too, are flat to DL4J. */
  private static InputType type(INDArray input) {
    return input.rank() == 3
        ? Sequences.type(input.size(2), input.size(1))
        : InputType.feedForward(input.size(1));
  }
}
