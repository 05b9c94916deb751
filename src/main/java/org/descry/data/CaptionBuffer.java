package org.descry.data;

import java.nio.FloatBuffer;
import java.util.concurrent.BlockingQueue;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The off-heap arrays of one batch of captions, used again and again. */
final class CaptionBuffer implements Prefetch.Buffer {
  private final CaptionSet captions;
  private final int size;
  private final int steps;
  private final INDArray images;
  private final INDArray input;
  private final INDArray target;
  private final INDArray mask;
  private final FloatBuffer imageValues;
  private final FloatBuffer inputValues;
  private final FloatBuffer targetValues;
  private final FloatBuffer maskValues;
  private final BlockingQueue<CaptionBuffer> pool;

  /** Allocates outside every workspace, since buffers outlive every step, and joins the pool. */
  CaptionBuffer(CaptionSet captions, int size, int steps, BlockingQueue<CaptionBuffer> pool) {
    this.captions = captions;
    this.size = size;
    this.steps = steps;
    this.pool = pool;
    images = captions.inputs().allocate(size);
    input = timeMajor();
    target = timeMajor();
    mask = timeMajor();
    imageValues = images.data().asNioFloat();
    inputValues = input.data().asNioFloat();
    targetValues = target.data().asNioFloat();
    maskValues = mask.data().asNioFloat();
    release();
  }

  /** N x T over memory of T x N. */
  private INDArray timeMajor() {
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(DataType.FLOAT, steps, size).permute(1, 0);
    }
  }

  /** Fills the batch with the captions {@code order[from]} and following. */
  void fill(int[] order, int from) {
    int floats = captions.inputs().floats();
    for (int n = 0; n < size; n++) {
      int caption = order[from + n];
      captions.inputs().fill(captions.imageOf(caption), imageValues, n * floats);
      int pairs = captions.length(caption) - 1;
      for (int t = 0; t < steps; t++) {
        boolean real = t < pairs;
        int at = t * size + n;
        inputValues.put(at, real ? captions.token(caption, t) : Vocabulary.NULL);
        targetValues.put(at, real ? captions.token(caption, t + 1) : Vocabulary.NULL);
        maskValues.put(at, real ? 1 : 0);
      }
    }
  }

  /** The arrays as what a network is fed; the arrays are the buffer's own. */
  MultiDataSet dataSet() {
    return new MultiDataSet(
        new INDArray[] {images, input}, new INDArray[] {target}, null, new INDArray[] {mask});
  }

  @Override
  public void release() {
    pool.add(this);
  }
}
