package org.descry.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.descry.kernel.RnnCell;
import org.nd4j.autodiff.samediff.SDIndex;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * The SameDiff definition of a recurrent vertex: its recurrence unrolled over the steps.
 *
 * @param directions 1 or 2
 * @param params the vertex's parameters by name
 * @param joining what joins the first layer's input, of the state before each step; null for
 *     nothing
 */
record RnnDefinition(
    SameDiff sameDiff,
    RnnCell cell,
    int layers,
    int directions,
    Map<String, SDVariable> params,
    UnaryOperator<SDVariable> joining) {
  RnnDefinition(
      SameDiff sameDiff, RnnCell cell, int layers, int directions, Map<String, SDVariable> params) {
    this(sameDiff, cell, layers, directions, params, null);
  }

  /**
   * @param x N x T x D
   * @param steps T
   * @param width D
   * @param h0 N x (L K S H), or null for zeros
   * @param mask N x T, or null
   */
  AbstractRnnVertex.Pass define(
      SDVariable x, long steps, long width, SDVariable h0, SDVariable mask) {
    int count = (int) steps;
    SDVariable[] sequence = steps(x, count, width);
    SDVariable[] masks = mask == null ? null : steps(mask, count, 1);
    int states = cell.states();
    SDVariable[] initial =
        h0 == null
            ? new SDVariable[layers * directions * states] // null for zeros
            : columns(h0, layers * directions * states);
    List<SDVariable> last = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      SDVariable[][] outputs = new SDVariable[directions][];
      for (int direction = 0; direction < directions; direction++) {
        int number = layer * directions + direction;
        SDVariable[] own = Arrays.copyOfRange(initial, number * states, (number + 1) * states);
        outputs[direction] = unroll(sequence, own, masks, number, direction == 1, last);
      }
      for (int t = 0; t < count; t++) {
        sequence[t] =
            directions == 2 ? sameDiff.concat(1, outputs[0][t], outputs[1][t]) : outputs[0][t];
      }
    }
    return new AbstractRnnVertex.Pass(sameDiff.stack(1, sequence), last);
  }

  /**
   * The steps of a sequence or a mask one by one, N x D. M2.1 cannot differentiate unstack, and the
   * gradient of a slice that drops the dimension holds the step against the slice's own shape.
   */
  SDVariable[] steps(SDVariable sequence, int count, long width) {
    SDVariable[] steps = new SDVariable[count];
    for (int t = 0; t < count; t++) {
      SDVariable step = sequence.get(SDIndex.all(), SDIndex.interval(t, t + 1));
      steps[t] = sameDiff.reshape(step, -1, width);
    }
    return steps;
  }

  /** Blocks of H columns. (The gradient of a slice of columns fails for a single row in M2.1.) */
  private SDVariable[] columns(SDVariable array, int blocks) {
    return blocks == 1 ? new SDVariable[] {array} : sameDiff.split(array, blocks, 1);
  }

  /**
   * The outputs of a cell, step by step.
   *
   * @param last where its states after its last step are added
   */
  private SDVariable[] unroll(
      SDVariable[] sequence,
      SDVariable[] initial,
      SDVariable[] mask,
      int number,
      boolean reversed,
      List<SDVariable> last) {
    SDVariable[] outputs = new SDVariable[sequence.length];
    SDVariable[] states = initial;
    for (int i = 0; i < sequence.length; i++) {
      int t = reversed ? sequence.length - 1 - i : i;
      SDVariable a = sequence[t].mmul(params.get("Wx" + number)).add(params.get("b" + number));
      if (joining != null && number == 0) {
        a = a.add(joining.apply(states[0]));
      }
      SDVariable p = states[0] == null ? null : states[0].mmul(params.get("Wh" + number));
      SDVariable[] next =
          switch (cell) {
            case LINEAR -> new SDVariable[] {sum(a, p)};
            case VANILLA -> new SDVariable[] {sameDiff.math().tanh(sum(a, p))};
            case LSTM -> lstm(sum(a, p), states[1]);
            case GRU -> new SDVariable[] {gru(a, p, states[0])};
          };
      if (mask != null) {
        for (int s = 0; s < next.length; s++) {
          next[s] = kept(next[s], states[s], mask[t]);
        }
      }
      states = next;
      outputs[t] = states[0];
    }
    Collections.addAll(last, states);
    return outputs;
  }

  private static SDVariable sum(SDVariable a, SDVariable p) {
    return p == null ? a : a.add(p);
  }

  /** The next h from what the input and h give to the preactivations, and h; null for zeros. */
  private SDVariable gru(SDVariable a, SDVariable p, SDVariable h) {
    SDVariable[] input = columns(a, cell.gates());
    SDVariable[] state = p == null ? new SDVariable[input.length] : columns(p, cell.gates());
    SDVariable r = sameDiff.nn().sigmoid(sum(input[0], state[0]));
    SDVariable z = sameDiff.nn().sigmoid(sum(input[1], state[1]));
    SDVariable n =
        sameDiff.math().tanh(state[2] == null ? input[2] : input[2].add(r.mul(state[2])));
    return h == null ? n.sub(z.mul(n)) : n.add(z.mul(h.sub(n)));
  }

  /** The next h and c from the preactivations and c. */
  private SDVariable[] lstm(SDVariable a, SDVariable c) {
    SDVariable[] gates = columns(a, cell.gates());
    SDVariable i = sameDiff.nn().sigmoid(gates[0]);
    SDVariable f = sameDiff.nn().sigmoid(gates[1]);
    SDVariable o = sameDiff.nn().sigmoid(gates[2]);
    SDVariable g = sameDiff.math().tanh(gates[3]);
    SDVariable written = i.mul(g);
    SDVariable next = c == null ? written : f.mul(c).add(written);
    return new SDVariable[] {o.mul(sameDiff.math().tanh(next)), next};
  }

  /** The next state where the mask is 1, the state before where it is 0. */
  private static SDVariable kept(SDVariable next, SDVariable before, SDVariable mask) {
    return before == null ? next.mul(mask) : before.add(next.sub(before).mul(mask));
  }
}
