package org.descry.layer;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What each step of a recurrence reads, and the state before it, side by side. */
final class InputAndState {
  private static final INDArrayIndex ALL = NDArrayIndex.all();

  private final Scratch stateGradients = new Scratch();

  private static INDArray inputs(INDArray both, long width) {
    return both.get(ALL, ALL, NDArrayIndex.interval(0, width));
  }

  private static INDArray states(INDArray both, long width, long from, long to) {
    return both.get(
        ALL, NDArrayIndex.interval(from, to), NDArrayIndex.interval(width, both.size(2)));
  }

  /** The h of states, which may have a c behind it. */
  private static INDArray h(INDArray states, long hidden) {
    return states.get(ALL, NDArrayIndex.interval(0, hidden));
  }

  private static INDArray steps(INDArray sequence, long from, long to) {
    return sequence.get(ALL, NDArrayIndex.interval(from, to), ALL);
  }

  /**
   * @param x N x T x D
   * @param h0 N x (S H), or null for zeros
   * @param states N x T x H
   * @return N x T x (D + H)
   */
  INDArray forward(INDArray x, INDArray h0, INDArray states, Allocator to) {
    long width = x.size(2);
    long t = x.size(1);
    INDArray both = to.create(x.dataType(), t, x.size(0), width + states.size(2)).permute(1, 0, 2);
    inputs(both, width).assign(x);
    INDArray first = states(both, width, 0, 1);
    if (h0 == null) {
      first.assign(0);
    } else {
      first.assign(h(h0, states.size(2)).reshape(h0.size(0), 1, states.size(2)));
    }
    if (t > 1) {
      states(both, width, 1, t).assign(steps(states, 0, t - 1));
    }
    return both;
  }

  /** The gradient of the states, of which no one has seen the last. */
  INDArray ofStates(INDArray dBoth, long width) {
    long t = dBoth.size(1);
    INDArray dStates =
        stateGradients
            .get(dBoth.dataType(), t, dBoth.size(0), dBoth.size(2) - width)
            .permute(1, 0, 2);
    steps(dStates, t - 1, t).assign(0);
    if (t > 1) {
      steps(dStates, 0, t - 1).assign(states(dBoth, width, 1, t));
    }
    return dStates;
  }

  /** Adds what flows into x and h0 past the recurrence; either may be null. */
  void add(INDArray dBoth, INDArray dX, INDArray dH0, long width) {
    if (dX != null) {
      dX.addi(inputs(dBoth, width));
    }
    if (dH0 != null) {
      long hidden = dBoth.size(2) - width;
      INDArray first = states(dBoth, width, 0, 1);
      h(dH0, hidden).addi(first.reshape(dH0.size(0), hidden));
    }
  }
}
