package org.descry.data.image;

import java.nio.FloatBuffer;
import org.descry.data.EpochBatches;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The off-heap arrays of one batch of labelled images, used again and again. */
final class ImageBuffer implements EpochBatches.Buffer {
  private final BatchFiller filler;
  private final INDArray features;
  private final INDArray labels;
  private final INDArray weights;
  final FloatBuffer featureValues;
  final FloatBuffer labelValues;

  /** One an image; null without weights. */
  final FloatBuffer weightValues;

  /** Makes the arrays outside any workspace, since they outlive every step. */
  @SuppressWarnings("try") // the scope acts while it is open
  ImageBuffer(int size, ImageSet images, boolean weighted, BatchFiller filler) {
    this.filler = filler;
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      INDArray memory =
          Nd4j.createUninitialized(
              DataType.FLOAT,
              new long[] {size, images.height(), images.width(), images.channels()},
              'c');
      features = memory.permute(0, 3, 1, 2);
      labels = Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, images.classes()}, 'c');
      featureValues = memory.data().asNioFloat();
      labelValues = labels.data().asNioFloat();
      weights = weighted ? Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, 1}) : null;
      weightValues = weighted ? weights.data().asNioFloat() : null;
    }
  }

  int size() {
    return (int) labels.size(0);
  }

  @Override
  public void fill(int epoch, int[] order, int from) {
    filler.fill(this, order, from, epoch);
  }

  @Override
  public MultiDataSet data() {
    INDArray[] mask = weights == null ? null : new INDArray[] {weights};
    return new MultiDataSet(new INDArray[] {features}, new INDArray[] {labels}, null, mask);
  }
}
