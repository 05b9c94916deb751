package org.descry.bench.nd4j;

import java.util.function.BooleanSupplier;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** One batch over and over, until it is told that this was enough. */
final class RepeatedBatch implements MultiDataSetIterator {
  private static final long serialVersionUID = 1;

  private final MultiDataSet batch;
  private final transient BooleanSupplier enough;

  RepeatedBatch(MultiDataSet batch, BooleanSupplier enough) {
    this.batch = batch;
    this.enough = enough;
  }

  @Override
  public boolean hasNext() {
    return !enough.getAsBoolean();
  }

  @Override
  public MultiDataSet next() {
    return batch;
  }

  @Override
  public MultiDataSet next(int examples) {
    return batch;
  }

  @Override
  public void reset() {}

  @Override
  public boolean resetSupported() {
    return true;
  }

  @Override
  public boolean asyncSupported() {
    return false;
  }

  @Override
  public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
    throw new UnsupportedOperationException("a repeated batch takes no preprocessor");
  }

  @Override
  public MultiDataSetPreProcessor getPreProcessor() {
    return null;
  }
}
