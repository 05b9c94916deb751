package org.descry.job;

/** What a step of a vanilla recurrent layer makes of its sums. */
public enum CellName {
  /** A tanh, of which the scores are made. */
  TANH,
  /** Nothing; the scores are made of what the step reads and the state before. */
  LINEAR
}
