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

  /** Does a step on the next batch and returns the number of its examples. */
  int fitNext(ComputationGraph network);

  /** The mean loss over the examples of the latest step. */
  default double loss(ComputationGraph network) {
    return network.score(); // computed in the step itself
  }

  @Override
  void close();
}
