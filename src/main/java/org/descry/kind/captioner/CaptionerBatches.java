package org.descry.kind.captioner;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.CaptionBatches;
import org.descry.train.Batches;
import org.descry.train.Fitter;
import org.descry.train.Step;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part of a captioner; its examples are the captions. */
record CaptionerBatches(CaptionBatches batches, Fitter fitter) implements Batches {
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
  public Step fitNext(ComputationGraph network) {
    MultiDataSet batch = batches.next();
    // Rows without a caption are masked from the first word on.
    int captions = batch.getLabelsMaskArray(0).getColumn(0).sumNumber().intValue();
    return fitter.fit(network, batch, captions);
  }

  @Override
  public void close() {
    batches.close();
  }
}
