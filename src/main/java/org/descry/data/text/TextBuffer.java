package org.descry.data.text;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The off-heap arrays of one batch of token sequences, used again and again. */
final class TextBuffer {
  private final int rows;
  private final int steps;
  private final INDArray input;
  private final INDArray target;
  private final INDArray mask;
  private final FloatBuffer inputValues;
  private final FloatBuffer targetValues;
  private final FloatBuffer maskValues;

  TextBuffer(int rows, int steps) {
    this.rows = rows;
    this.steps = steps;
    input = timeMajor();
    target = timeMajor();
    mask = timeMajor();
    inputValues = input.data().asNioFloat();
    targetValues = target.data().asNioFloat();
    maskValues = mask.data().asNioFloat();
  }

  /** N x T over memory of T x N, outside every workspace since it outlives every step. */
  private INDArray timeMajor() {
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(DataType.FLOAT, steps, rows).permute(1, 0);
    }
  }

  int rows() {
    return rows;
  }

  /** Fills a row; what the sequence leaves is token 0 under a mask of 0. */
  void fill(int row, TextPlan.Sequence sequence) {
    for (int t = 0; t < steps; t++) {
      boolean real = t < sequence.length();
      int at = t * rows + row;
      inputValues.put(at, real ? sequence.tokens()[sequence.from() + t] : 0);
      targetValues.put(at, real ? sequence.tokens()[sequence.from() + t + 1] : 0);
      maskValues.put(at, real ? 1 : 0);
    }
  }

  /**
   * The arrays as what a network is fed; the arrays are the buffer's own.
   *
   * @param state the second input, or null
   */
  MultiDataSet dataSet(INDArray state) {
    INDArray[] features = state == null ? new INDArray[] {input} : new INDArray[] {input, state};
    return new MultiDataSet(features, new INDArray[] {target}, null, new INDArray[] {mask});
  }
}
