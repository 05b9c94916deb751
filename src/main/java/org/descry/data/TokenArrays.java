package org.descry.data;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The off-heap arrays of one batch of token sequences, used again and again: the tokens read, the
 * token after each, and a mask that is 0 where a sequence is filled up. All are float32, N x T over
 * memory of T x N.
 */
public final class TokenArrays {
  private final int rows;
  private final int steps;
  private final INDArray input;
  private final INDArray target;
  private final INDArray mask;
  private final FloatBuffer inputValues;
  private final FloatBuffer targetValues;
  private final FloatBuffer maskValues;

  /**
   * @param rows N
   * @param steps T
   */
  public TokenArrays(int rows, int steps) {
    this.rows = rows;
    this.steps = steps;
    input = timeMajor();
    target = timeMajor();
    mask = timeMajor();
    inputValues = input.data().asNioFloat();
    targetValues = target.data().asNioFloat();
    maskValues = mask.data().asNioFloat();
  }

  /** Outside every workspace, since it outlives every step. */
  private INDArray timeMajor() {
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      return Nd4j.createUninitialized(DataType.FLOAT, steps, rows).permute(1, 0);
    }
  }

  /** Number of sequences, N. */
  public int rows() {
    return rows;
  }

  /**
   * Fills a row; what the sequence leaves is token 0 under a mask of 0.
   *
   * @param from place of the first token that is read
   * @param length number of tokens that are read
   */
  public void fill(int row, int[] tokens, int from, int length) {
    for (int t = 0; t < steps; t++) {
      boolean real = t < length;
      int at = t * rows + row;
      inputValues.put(at, real ? tokens[from + t] : 0);
      targetValues.put(at, real ? tokens[from + t + 1] : 0);
      maskValues.put(at, real ? 1 : 0);
    }
  }

  /**
   * What a network is fed; the arrays are these ones.
   *
   * @param before inputs in front of the tokens
   */
  public MultiDataSet data(INDArray... before) {
    return data(false, before);
  }

  /**
   * As {@link #data(INDArray...)}.
   *
   * @param masked whether the network is told which of the tokens that it reads are real
   */
  public MultiDataSet data(boolean masked, INDArray... before) {
    INDArray[] features = Arrays.copyOf(before, before.length + 1);
    features[before.length] = input;
    INDArray[] masks = masked ? new INDArray[features.length] : null;
    if (masked) {
      masks[before.length] = mask;
    }
    return new MultiDataSet(features, new INDArray[] {target}, masks, new INDArray[] {mask});
  }
}
