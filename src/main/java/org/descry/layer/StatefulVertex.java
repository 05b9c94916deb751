package org.descry.layer;

import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A recurrent vertex that can say as a SameDiff graph what it leaves after a sequence, so that a
 * later sequence, or the next word, can go on from there.
 */
public interface StatefulVertex {
  /**
   * @param output N x T x (K H), as the vertex's own
   * @param states what the next pass starts from: side by side they are N x S, cell by cell
   */
  record Pass(SDVariable output, List<SDVariable> states) {
    public Pass {
      states = List.copyOf(states);
    }
  }

  /**
   * The pass over one sequence.
   *
   * @param x N x T x D, with T in its placeholder's shape
   * @param initial the state to start from, N x S; null for zeros
   * @param mask N x T; null where every step counts
   */
  Pass definePass(
      SameDiff sameDiff,
      SDVariable x,
      SDVariable initial,
      SDVariable mask,
      Map<String, SDVariable> params);

  /** S, the width of the whole state. */
  long stateWidth();
}
