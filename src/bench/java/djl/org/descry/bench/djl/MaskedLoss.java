package org.descry.bench.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.loss.Loss;

/**
 * The cross-entropy of all words that count, divided by the number of sentences. Labels: the words
 * and the mask, both N x T x 1.
 */
final class MaskedLoss extends Loss {
  MaskedLoss() {
    super("masked");
  }

  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray logProbabilities = predictions.head().logSoftmax(-1);
    NDArray chosen = logProbabilities.get(new NDIndex().addAllDim(2).addPickDim(labels.get(0)));
    return chosen.mul(labels.get(1)).sum().div(-logProbabilities.getShape().get(0));
  }
}
