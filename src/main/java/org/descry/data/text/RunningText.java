package org.descry.data.text;

import org.descry.DataException;

/** A text in stretches that lie side by side; a row of a batch continues that of the one before. */
final class RunningText implements TextPlan {
  private final int[] tokens;
  private final int steps;
  private final int rows;
  private final int stretch;

  RunningText(int[] tokens, int batchSize, int steps) {
    int pairs = tokens.length - 1;
    if (pairs < steps) {
      throw new DataException(
          "The text has %d tokens; expected at least %d, one sequence of %d steps."
              .formatted(tokens.length, steps + 1, steps));
    }
    this.tokens = tokens.clone();
    this.steps = steps;
    rows = Math.min(batchSize, pairs / steps);
    stretch = (pairs + rows - 1) / rows;
  }

  @Override
  public void startEpoch(int epoch) {
    // The order of a text is its own.
  }

  @Override
  public int batches() {
    return (stretch + steps - 1) / steps;
  }

  @Override
  public long targets() {
    return tokens.length - 1L;
  }

  @Override
  public int rows(int batch) {
    return rows;
  }

  @Override
  public Sequence sequence(int batch, int row) {
    int end = Math.min((row + 1) * stretch, tokens.length - 1);
    int from = row * stretch + batch * steps;
    return new Sequence(tokens, from, Math.max(0, Math.min(steps, end - from)));
  }
}
