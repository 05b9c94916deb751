package org.descry.data.text;

import java.util.NoSuchElementException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Batches of N token sequences for a language model, all float32:
 *
 * <ul>
 *   <li>features 0: the tokens read, N x T;
 *   <li>features 1, of a running text only: the initial state, N x S: {@link #state()};
 *   <li>labels 0: the token after each, N x T, as indices;
 *   <li>label mask 0: N x T, 0 where a sequence is filled up.
 * </ul>
 *
 * N x T are views over time-major memory of T x N. Every pair of neighbours in the text is seen
 * once an epoch.
 *
 * <p>{@link #running} cuts a text into N stretches that are read side by side: row n of a batch
 * continues row n of the one before. Whoever trains copies each step's last state into {@link
 * #state()}, which an epoch begins with zeros. {@link #sentences} are independent of one another.
 *
 * <p>Batches are filled on the consumer's thread, since that takes microseconds; a batch is valid
 * until the next one is asked for. The order depends on (seed, epoch) alone; {@link #reset()} moves
 * to the next epoch.
 */
public final class TextBatches implements MultiDataSetIterator {
  private static final long serialVersionUID = 1L;

  private final transient TextPlan plan;
  private final transient INDArray state;
  private final int steps;
  private transient TextBuffer buffer;
  private transient MultiDataSetPreProcessor preProcessor;
  private int epoch;
  private int delivered;

  private TextBatches(TextPlan plan, int steps, int stateWidth) {
    this.plan = plan;
    this.steps = steps;
    state = stateWidth == 0 ? null : zeros(plan.rows(0), stateWidth);
    plan.startEpoch(0);
  }

  private static INDArray zeros(int rows, int width) {
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.zeros(DataType.FLOAT, rows, width);
    }
  }

  /**
   * A running text, read in stretches.
   *
   * @param tokens the text
   * @param batchSize N at most; fewer where the text is too short for N stretches of {@code steps}
   * @param steps T, the number of steps that gradients flow back through
   * @param stateWidth S, the width of the network's state
   * @throws org.descry.DescryException if the text has less than {@code steps + 1} tokens
   */
  public static TextBatches running(int[] tokens, int batchSize, int steps, int stateWidth) {
    checkSizes(batchSize, steps);
    if (stateWidth < 1) {
      throw new IllegalArgumentException(
          "Expected a state's width of at least 1, got: " + stateWidth);
    }
    return new TextBatches(new RunningText(tokens, batchSize, steps), steps, stateWidth);
  }

  /**
   * Sentences of their own, in a new order each epoch.
   *
   * @param sentences the tokens of each; those with less than two have nothing to predict and are
   *     left out
   * @param batchSize N; the last batch of an epoch may be smaller
   * @param steps T; longer sentences are cut after T + 1 tokens
   * @param seed of the order
   * @throws org.descry.DescryException if no sentence has two tokens
   */
  public static TextBatches sentences(int[][] sentences, int batchSize, int steps, long seed) {
    checkSizes(batchSize, steps);
    return new TextBatches(new Sentences(sentences, batchSize, steps, seed), steps, 0);
  }

  private static void checkSizes(int batchSize, int steps) {
    if (batchSize < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "Expected a batch size and steps of at least 1, got: %d and %d"
              .formatted(batchSize, steps));
    }
  }

  /** The initial state of the next batch, N x S, to be written by who trains; null of sentences. */
  public INDArray state() {
    return state;
  }

  /** The number of batches in an epoch. */
  public int batches() {
    return plan.batches();
  }

  /** The number of tokens predicted in an epoch. */
  public long targets() {
    return plan.targets();
  }

  /** The epoch that {@link #next()} delivers from; the first is 0. */
  public int epoch() {
    return epoch;
  }

  /** Continues at the start of {@code newEpoch}, for a job that resumes. */
  public void startEpoch(int newEpoch) {
    epoch = newEpoch;
    delivered = 0;
    plan.startEpoch(newEpoch);
    if (state != null) {
      state.assign(0);
    }
  }

  @Override
  public boolean hasNext() {
    return delivered < batches();
  }

  @Override
  public MultiDataSet next() {
    if (!hasNext()) {
      throw new NoSuchElementException("No batch left of the " + batches() + " of epoch " + epoch);
    }
    int rows = plan.rows(delivered);
    if (buffer == null || buffer.rows() != rows) {
      buffer = new TextBuffer(rows, steps);
    }
    for (int row = 0; row < rows; row++) {
      buffer.fill(row, plan.sequence(delivered, row));
    }
    delivered++;
    MultiDataSet data = buffer.dataSet(state);
    if (preProcessor != null) {
      preProcessor.preProcess(data);
    }
    return data;
  }

  /** Moves to the next epoch; does nothing if nothing of this one has been delivered. */
  @Override
  public void reset() {
    if (delivered > 0) {
      startEpoch(epoch + 1);
    }
  }

  /** Only for {@code num} equal to the size of the next batch. */
  @Override
  public MultiDataSet next(int num) {
    if (!hasNext() || num != plan.rows(delivered)) {
      throw new UnsupportedOperationException("The next batch does not hold " + num + " sequences");
    }
    return next();
  }

  @Override
  public boolean resetSupported() {
    return true;
  }

  /** False: a batch read ahead would be read with a state that is not there yet. */
  @Override
  public boolean asyncSupported() {
    return false;
  }

  @Override
  public void setPreProcessor(MultiDataSetPreProcessor newPreProcessor) {
    preProcessor = newPreProcessor;
  }

  @Override
  public MultiDataSetPreProcessor getPreProcessor() {
    return preProcessor;
  }
}
