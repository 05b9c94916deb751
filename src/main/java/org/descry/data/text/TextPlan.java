package org.descry.data.text;

/** Which tokens stand in which row of which batch. */
interface TextPlan {
  /**
   * A stretch of tokens: {@code length} of them are read, beginning at {@code from}, and the one
   * after each is to be said.
   */
  record Sequence(int[] tokens, int from, int length) {}

  void startEpoch(int epoch);

  /** Batches in an epoch. */
  int batches();

  /** Tokens to be said in an epoch. */
  long targets();

  /** Rows of a batch. */
  int rows(int batch);

  Sequence sequence(int batch, int row);
}
