package org.descry.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A constant multiple: {@code out = factor x}.
 *
 * <p>Backward: {@code dX = factor dOut}.
 */
public final class Scale extends Elementwise {
  private final double factor;

  public Scale(double factor) {
    super(null, null);
    this.factor = factor;
  }

  @Override
  void compose(INDArray x, INDArray out) {
    out.assign(x).muli(factor);
  }

  @Override
  void composeBackward(INDArray dOut, INDArray out, INDArray dX) {
    dX.assign(dOut).muli(factor);
  }
}
