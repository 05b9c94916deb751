package org.descry.train;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.CaptionBatches;
import org.descry.data.image.ImageBatches;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part in batches, in a new order each epoch. */
interface Batches extends AutoCloseable {
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

  static Batches of(ImageBatches batches) {
    return new Batches() {
      @Override
      public int count() {
        return batches.batches();
      }

      @Override
      public void start(int epoch) {
        batches.startEpoch(epoch);
      }

      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public MultiDataSet next() {
        return batches.next().toMultiDataSet();
      }

      @Override
      public int fitNext(ComputationGraph network) {
        DataSet batch = batches.next();
        network.fit(batch);
        return batch.numExamples();
      }

      @Override
      public void close() {
        batches.close();
      }
    };
  }

  static Batches of(CaptionBatches batches) {
    return new Batches() {
      @Override
      public int count() {
        return batches.batches();
      }

      @Override
      public void start(int epoch) {
        batches.startEpoch(epoch);
      }

      @Override
      public boolean hasNext() {
        return batches.hasNext();
      }

      @Override
      public MultiDataSet next() {
        return batches.next();
      }

      @Override
      public int fitNext(ComputationGraph network) {
        MultiDataSet batch = batches.next();
        network.fit(batch);
        // Rows without a caption are masked from the first word on.
        return batch.getLabelsMaskArray(0).getColumn(0).sumNumber().intValue();
      }

      @Override
      public void close() {
        batches.close();
      }
    };
  }
}
