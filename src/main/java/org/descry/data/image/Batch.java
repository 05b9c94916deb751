package org.descry.data.image;

import java.nio.FloatBuffer;
import java.util.concurrent.BlockingQueue;
import org.descry.data.Prefetch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One reused pair of off-heap buffers. It returns to its pool when the consumer is done with it.
 */
final class Batch implements Prefetch.Buffer {
  final INDArray features;
  final INDArray labels;
  final FloatBuffer featureValues;
  final FloatBuffer labelValues;
  private final BlockingQueue<Batch> pool;

  /** Makes the buffers outside any workspace, since they outlive every step, and joins the pool. */
  @SuppressWarnings("try") // the scope acts while it is open
  Batch(int size, ImageSet images, BlockingQueue<Batch> pool) {
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
    }
    this.pool = pool;
    release();
  }

  int size() {
    return (int) labels.size(0);
  }

  @Override
  public void release() {
    pool.add(this);
  }
}
