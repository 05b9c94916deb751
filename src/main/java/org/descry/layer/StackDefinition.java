package org.descry.layer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The SameDiff definition of an {@link RnnVertex}: its recurrence, sums of biases, and what it
 * gives of states.
 */
final class StackDefinition {
  private final RnnVertex vertex;
  private final SDVariable x;
  private final SDVariable h0;
  private final SameDiff graph;
  private final long steps;

  /**
   * @param h0 N x (L K S H), or null for zeros
   */
  StackDefinition(RnnVertex vertex, SDVariable x, SDVariable h0) {
    this.vertex = vertex;
    this.x = x;
    this.h0 = h0;
    graph = x.getSameDiff();
    steps = x.placeholderShape()[1];
  }

  AbstractRnnVertex.Pass define(SDVariable mask, Map<String, SDVariable> params) {
    AbstractRnnVertex.Pass pass =
        new RnnDefinition(
                graph, vertex.cell(), vertex.layers(), vertex.directions(), summed(params))
            .define(x, steps, vertex.width(), h0, mask);
    SDVariable[] states = pass.states().toArray(SDVariable[]::new);
    return switch (vertex.readout()) {
      case SEQUENCE -> pass;
      case INPUT_AND_STATE ->
          new AbstractRnnVertex.Pass(inputAndState(pass.output()), pass.states());
      case FINAL_STATE -> {
        SDVariable[] last = new SDVariable[vertex.directions()];
        Arrays.setAll(last, direction -> states[vertex.stateOfLast(direction)]);
        yield new AbstractRnnVertex.Pass(joined(last), pass.states());
      }
      case ALL_FINAL_STATES -> new AbstractRnnVertex.Pass(joined(states), pass.states());
    };
  }

  private Map<String, SDVariable> summed(Map<String, SDVariable> params) {
    Map<String, SDVariable> summed = new HashMap<>(params);
    for (int i = 0; vertex.twoBiases() && i < vertex.cells(); i++) {
      summed.put("b" + i, params.get("b" + i).add(params.get(RnnVertex.SECOND_BIAS + i)));
    }
    return summed;
  }

  private SDVariable joined(SDVariable... parts) {
    return parts.length == 1 ? parts[0] : graph.concat(1, parts);
  }

  /** What each step reads, and the state before it. */
  private SDVariable inputAndState(SDVariable states) {
    long hidden = vertex.hidden();
    SDVariable first =
        h0 == null
            ? states.get(SDIndex.all(), SDIndex.interval(0, 1)).mul(0)
            : h0.get(SDIndex.all(), SDIndex.interval(0L, hidden));
    SDVariable before = graph.reshape(first, -1, 1, hidden);
    if (steps > 1) {
      SDVariable others = states.get(SDIndex.all(), SDIndex.interval(0L, steps - 1));
      before = graph.concat(1, before, graph.reshape(others, -1, steps - 1, hidden));
    }
    return graph.concat(2, graph.reshape(x, -1, steps, vertex.width()), before);
  }
}
