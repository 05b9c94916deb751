package org.descry.data;

import java.time.Duration;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Batches of one epoch after another, which can be entered anywhere. For one thread. */
public interface BatchSource extends AutoCloseable {
  /**
   * @param longest time to wait for a batch, after which {@link #next} throws a {@link
   *     org.descry.DataException}
   */
  void waitAtMost(Duration longest);

  /** The number of batches in an epoch. */
  int batches();

  /** The epoch that {@link #next()} delivers from; the first is 0. */
  int epoch();

  /** The number of batches of this epoch that have been delivered. */
  int step();

  /**
   * Goes on with a batch of an epoch.
   *
   * @param epoch 0 for the first
   * @param step the number of batches to pass over
   * @throws IllegalArgumentException if the epoch has fewer
   */
  void start(int epoch, int step);

  boolean hasNext();

  /** The next batch, which holds until the one after it is asked for. */
  MultiDataSet next();

  @Override
  void close();
}
