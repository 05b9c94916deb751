package org.descry.kind.classifier;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.image.ImageBatches;
import org.descry.train.Batches;
import org.descry.train.Fitter;
import org.descry.train.Step;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part of a classifier. */
record ClassifierBatches(ImageBatches batches, Fitter fitter) implements Batches {
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
  public Step fitNext(ComputationGraph network) {
    return fitter.fit(network, next());
  }

  @Override
  public void close() {
    batches.close();
  }
}
