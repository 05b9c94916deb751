package org.descry.layer;

import org.descry.kernel.RnnCell;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What a recurrent stack's parameters begin with. Weights are normal with standard deviation 1 /
 * sqrt(fan-in); biases are 0, but for those of forget gates, which are 1: a new LSTM remembers.
 *
 * @param uniform whether all are uniform, see {@link RnnVertex#startingUniform}
 * @param nearIdentity see {@link RnnVertex#startingNearIdentity}
 */
record RecurrentInit(RnnCell cell, long hidden, boolean uniform, boolean nearIdentity) {
  private static final double IDENTITY_NOISE = 0.01;

  /**
   * @param name of the parameter: Wx{i}, Wh{i}, b{i} or bh{i}
   */
  void fill(String name, INDArray values) {
    if (uniform) {
      double most = 1 / Math.sqrt(hidden);
      values.assign(Nd4j.rand(values.dataType(), values.shape()).muli(2 * most).subi(most));
    } else if (name.startsWith("b")) {
      values.assign(0);
      if (cell == RnnCell.LSTM && !name.startsWith(RnnVertex.SECOND_BIAS)) {
        values.get(NDArrayIndex.interval(hidden, 2 * hidden)).assign(1);
      }
    } else if (nearIdentity && name.startsWith("Wh")) {
      values.assign(Nd4j.randn(values.dataType(), values.shape()).muli(IDENTITY_NOISE));
      values.addi(Nd4j.eye(hidden).castTo(values.dataType()));
    } else {
      normal(values, values.size(0));
    }
  }

  /** Draws weights with standard deviation 1 / sqrt(fan-in). */
  static void normal(INDArray values, long fanIn) {
    values.assign(Nd4j.randn(values.dataType(), values.shape()).divi(Math.sqrt(fanIn)));
  }
}
