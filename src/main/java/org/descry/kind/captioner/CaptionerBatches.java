package org.descry.kind.captioner;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.descry.data.caption.CaptionBatches;
import org.descry.train.Batches;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** The training part of a captioner. */
record CaptionerBatches(CaptionBatches batches) implements Batches {
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
}
