package org.descry.train.network;

import java.time.Duration;
import org.descry.DataException;
import org.descry.UsageException;
import org.descry.data.BatchSource;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * The batches of an iterator, which is reset before each epoch; one that is entered in the middle
 * passes over the batches before.
 */
final class IteratorBatches implements BatchSource {
  private final MultiDataSetIterator iterator;
  private final int batches;
  private final int examples;
  private int epoch;
  private int step;

  /**
   * Goes through the iterator once.
   *
   * @param part what it is called in messages
   */
  IteratorBatches(String part, MultiDataSetIterator iterator) {
    if (!iterator.resetSupported()) {
      throw new UsageException(
          "The iterator of the %s part cannot be reset; expected one that can.".formatted(part));
    }
    this.iterator = iterator;
    int counted = 0;
    int rows = 0;
    for (iterator.reset(); iterator.hasNext(); counted++) {
      rows += rows(iterator.next());
    }
    if (counted == 0) {
      throw new DataException(
          "The iterator of the %s part has no batch; expected at least one.".formatted(part));
    }
    batches = counted;
    examples = rows;
    start(0, 0);
  }

  /** The number of a batch's examples. */
  static int rows(MultiDataSet batch) {
    return (int) batch.getLabels(0).size(0);
  }

  /** The number of an epoch's examples. */
  int examples() {
    return examples;
  }

  /** An iterator is asked on the training thread, which waits for as long as it takes. */
  @Override
  public void waitAtMost(Duration longest) {}

  @Override
  public int batches() {
    return batches;
  }

  @Override
  public int epoch() {
    return epoch;
  }

  @Override
  public int step() {
    return step;
  }

  @Override
  public void start(int newEpoch, int newStep) {
    if (newStep > batches) {
      throw new IllegalArgumentException(
          "Expected a step from 0 to %s, got: %s".formatted(batches, newStep));
    }
    iterator.reset();
    epoch = newEpoch;
    step = 0;
    while (step < newStep) {
      next();
    }
  }

  @Override
  public boolean hasNext() {
    return step < batches && iterator.hasNext();
  }

  @Override
  public MultiDataSet next() {
    step++;
    return iterator.next();
  }

  @Override
  public void close() {}
}
