package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What the blocks share: a linear map, then {@link BatchNorm} if so wished, then an {@link
 * Activation}.
 *
 * <p>Backward: through each part by its own rule, last to first.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
abstract class Block {
  final BatchNorm norm;
  final Elementwise activation;
  private final Scratch dActivation = new Scratch();
  private final Scratch dNorm = new Scratch();

  /**
   * @param rates of the batch normalisation between map and activation, or null for none
   */
  Block(BatchNorm.Rates rates, Activation activation) {
    norm = rates == null ? null : new BatchNorm(rates);
    this.activation = activation.kernel();
  }

  /** Whether the activation's derivative reads its input, which is then kept beside its output. */
  final boolean apart() {
    return activation != null && activation.readsInput();
  }

  static BatchNorm.Rates usual(boolean normalizes) {
    return normalizes ? BatchNorm.Rates.USUAL : null;
  }

  /** Null where nothing is normalised. */
  final BatchNorm.Cache normalize(
      INDArray mapped, BatchNorm.Parameters p, boolean training, Allocator allocator) {
    return norm == null ? null : norm.forward(mapped, p, training, allocator);
  }

  /** See {@link BatchNorm#updateRunning}. Does nothing where nothing is normalised. */
  final void updateRunning(BatchNorm.Cache cache) {
    if (norm != null) {
      norm.updateRunning(cache);
    }
  }

  /** The gradient of what the activation saw. */
  final INDArray beforeActivation(INDArray d, INDArray seen) {
    if (activation == null) {
      return d;
    }
    INDArray dSeen = dActivation.get(d.dataType(), seen.shape());
    activation.backward(d, seen, dSeen);
    return dSeen;
  }

  /** The gradient of what was normalised. */
  final INDArray beforeNorm(INDArray d, BatchNorm.Cache cache, BlockGradients to) {
    return norm == null ? d : norm.backward(d, cache, to.gamma(), to.beta(), dNorm::get);
  }
}
