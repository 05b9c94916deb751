package org.descry.data.caption;

import java.nio.FloatBuffer;
import java.util.concurrent.BlockingQueue;
import org.descry.data.Prefetch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The off-heap arrays of one batch of captions, used again and again. */
final class CaptionBuffer implements Prefetch.Buffer {
  private static final int NONE = -1;

  private final CaptionSet captions;
  private final int count;
  private final int each;
  private final int rows;
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

  /**
   * Allocates outside every workspace, since buffers outlive every step, and joins the pool.
   *
   * @param count number of images
   * @param each number of captions of each
   */
  CaptionBuffer(
      CaptionSet captions, int count, int each, int steps, BlockingQueue<CaptionBuffer> pool) {
    this.captions = captions;
    this.count = count;
    this.each = each;
    this.rows = count * each;
    this.steps = steps;
    this.pool = pool;
    images = captions.inputs().allocate(count);
    input = timeMajor();
    target = timeMajor();
    mask = timeMajor();
    imageValues = images.data().asNioFloat();
    inputValues = input.data().asNioFloat();
    targetValues = target.data().asNioFloat();
    maskValues = mask.data().asNioFloat();
    release();
  }

  /** Rows x T over memory of T x rows. */
  private INDArray timeMajor() {
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(DataType.FLOAT, steps, rows).permute(1, 0);
    }
  }

  /**
   * Fills the batch.
   *
   * @param groups captions of one image each, at least one and at most {@code each}
   * @param order the groups' order
   * @param from position in the order of the batch's first group
   */
  void fill(int[][] groups, int[] order, int from) {
    int floats = captions.inputs().floats();
    for (int i = 0; i < count; i++) {
      int[] group = groups[order[from + i]];
      captions.inputs().fill(captions.imageOf(group[0]), imageValues, i * floats);
      for (int g = 0; g < each; g++) {
        fillRow(i * each + g, g < group.length ? group[g] : NONE);
      }
    }
  }

  /** Writes a caption, or a row that carries no loss. */
  private void fillRow(int row, int caption) {
    int pairs = caption == NONE ? 0 : captions.length(caption) - 1;
    for (int t = 0; t < steps; t++) {
      boolean real = t < pairs;
      int at = t * rows + row;
      inputValues.put(at, real ? captions.token(caption, t) : Vocabulary.NULL);
      targetValues.put(at, real ? captions.token(caption, t + 1) : Vocabulary.NULL);
      maskValues.put(at, real ? 1 : 0);
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
