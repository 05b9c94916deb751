package org.descry.kind.classifier;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.image.ImageBatches;
import org.descry.train.Batches;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part of a classifier. */
record ClassifierBatches(ImageBatches batches) implements Batches {
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
}
