package org.descry.metrics;

import java.util.List;

/** An evaluation that tells apart what was taken for what. */
public interface Confusion extends Evaluation {
  /** Examples by true class (row) and answer (column). */
  List<List<Integer>> confusion();
}
