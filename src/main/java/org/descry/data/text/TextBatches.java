package org.descry.data.text;

import java.util.Arrays;
import org.descry.DataException;
import org.descry.data.Buckets;
import org.descry.data.EpochBatches;
import org.descry.data.EpochBatches.Order;
import org.descry.data.Seeds;
import org.descry.data.TokenArrays;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Batches of N token sequences for a language model, all float32:
 *
 * <ul>
 *   <li>features 0: the tokens read, N x T;
 *   <li>labels 0: the token after each, N x T, as indices;
 *   <li>label mask 0: N x T, 0 where a sequence is filled up.
 * </ul>
 *
 * N x T are views over time-major memory of T x N. Every pair of neighbours in the text is seen
 * once an epoch. The order depends on (seed, epoch) alone.
 *
 * <p>{@link #running} cuts a text into N stretches that are read side by side: row n of a batch
 * continues row n of the one before, and who reads them carries the state of the one to the other.
 * {@link #sentences} are independent of one another.
 */
public final class TextBatches {
  private TextBatches() {}

  /** A row: {@code length} tokens are read from {@code from} on, the one after each is said. */
  private record Sequence(int[] tokens, int from, int length) {}

  /** What stands in a row of the batch that begins at a place in the order. */
  @FunctionalInterface
  private interface Plan {
    Sequence sequence(int[] order, int from, int row);
  }

  private record Buffer(TokenArrays arrays, Plan plan) implements EpochBatches.Buffer {
    @Override
    public void fill(int epoch, int[] order, int from) {
      for (int row = 0; row < arrays.rows(); row++) {
        Sequence sequence = plan.sequence(order, from, row);
        arrays.fill(row, sequence.tokens, sequence.from, sequence.length);
      }
    }

    @Override
    public MultiDataSet data() {
      return arrays.data();
    }
  }

  /**
   * A running text, read in stretches.
   *
   * @param tokens the text
   * @param batchSize N at most; fewer where the text is too short for N stretches of {@code steps}
   * @param steps T, the number of steps that gradients flow back through
   * @throws DataException if the text has less than {@code steps + 1} tokens
   */
  public static EpochBatches running(int[] tokens, int batchSize, int steps) {
    checkSizes(batchSize, steps);
    int pairs = tokens.length - 1;
    if (pairs < steps) {
      throw new DataException(
          "The text has %s tokens; expected at least %s, one sequence of %s steps."
              .formatted(tokens.length, steps + 1, steps));
    }
    int[] text = tokens.clone();
    int rows = Math.min(batchSize, pairs / steps);
    int stretch = (pairs + rows - 1) / rows;
    Plan plan =
        (order, step, row) -> {
          int end = Math.min((row + 1) * stretch, pairs);
          int from = row * stretch + order[step] * steps;
          return new Sequence(text, from, Math.max(0, Math.min(steps, end - from)));
        };
    return new EpochBatches(
        Order.fixed((stretch + steps - 1) / steps),
        1,
        one -> new Buffer(new TokenArrays(rows, steps), plan));
  }

  /**
   * Sentences of their own, in a new order each epoch.
   *
   * @param sentences the tokens of each; those with less than two have nothing to predict and are
   *     left out
   * @param batchSize N; the last batch of an epoch may be smaller
   * @param steps T; longer sentences are cut after T + 1 tokens
   * @param seed of the order
   * @throws DataException if no sentence has two tokens
   */
  public static EpochBatches sentences(int[][] sentences, int batchSize, int steps, long seed) {
    int[][] whole = whole(sentences, batchSize, steps);
    return new EpochBatches(
        new Order(whole.length, epoch -> Seeds.random(seed, epoch)),
        batchSize,
        rows -> new Buffer(new TokenArrays(rows, steps), plan(whole, steps)));
  }

  /**
   * Sentences of their own, those of about one length together: T differs from batch to batch.
   *
   * @param steps the most that T can be; the others as of {@link #sentences}
   * @throws DataException as {@link #sentences}
   */
  public static EpochBatches bucketed(int[][] sentences, int batchSize, int steps, long seed) {
    int[][] whole = whole(sentences, batchSize, steps);
    int[] lengths =
        Arrays.stream(whole).mapToInt(line -> Math.min(steps, line.length - 1)).toArray();
    return Buckets.of(lengths, batchSize, seed)
        .epochs((rows, t) -> new Buffer(new TokenArrays(rows, t), plan(whole, steps)));
  }

  private static int[][] whole(int[][] sentences, int batchSize, int steps) {
    checkSizes(batchSize, steps);
    int[][] whole =
        Arrays.stream(sentences).filter(sentence -> sentence.length > 1).toArray(int[][]::new);
    if (whole.length == 0) {
      throw new DataException(
          "None of the %s lines has two tokens; expected one sentence a line."
              .formatted(sentences.length));
    }
    return whole;
  }

  private static Plan plan(int[][] whole, int steps) {
    return (order, from, row) -> {
      int[] sentence = whole[order[from + row]];
      return new Sequence(sentence, 0, Math.min(steps, sentence.length - 1));
    };
  }

  private static void checkSizes(int batchSize, int steps) {
    if (batchSize < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "Expected a batch size and steps of at least 1, got: %s and %s"
              .formatted(batchSize, steps));
    }
  }
}
