package org.descry.train;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part in batches, in a new order each epoch. */
public interface Batches extends AutoCloseable {
  /** Number of batches in an epoch. */
  int count();

  /**
   * @param epoch 0 for the first
   */
  void start(int epoch);

  boolean hasNext();

  /** The next batch, which holds until the one after it. */
  MultiDataSet next();

  /** Does a step on the next batch. */
  Step fitNext(ComputationGraph network);

  @Override
  void close();
}
