package org.descry.layer;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** As the kernels have it; an initial state may be that of several sequences. */
final class BatchFirst implements RecurrentLayout {
  static final BatchFirst LAYOUT = new BatchFirst();

  private BatchFirst() {}

  @Override
  public INDArray sequence(INDArray array) {
    return array;
  }

  /** The initial state of each sequence; a state that several share is repeated. */
  @Override
  public INDArray initial(INDArray[] given, long n) {
    INDArray h0 = given[0];
    long states = h0.size(0);
    if (states < 1 || n % states != 0) {
      throw new IllegalArgumentException(
          "RnnVertex: expected a number of sequences that is a multiple of the initial states, got"
              + " %s and %s".formatted(n, states));
    }
    return n == states ? h0 : h0.repeat(0, n / states);
  }

  @Override
  public INDArray output(INDArray array) {
    return array;
  }

  @Override
  public INDArray outputGradient(INDArray dOut) {
    return dOut;
  }

  /** A state that several sequences share gets the sum of their gradients. */
  @Override
  public INDArray[] initialGradients(INDArray dH0, INDArray[] given, Allocator allocator) {
    long states = given[0].size(0);
    if (dH0.size(0) == states) {
      return new INDArray[] {dH0};
    }
    INDArray sum = allocator.create(dH0.dataType(), states, dH0.size(1));
    long shared = dH0.size(0) / states;
    INDArray each = dH0.reshape(states, shared, dH0.size(1));
    sum.assign(each.tensorAlongDimension(0, 0, 2));
    for (long i = 1; i < shared; i++) {
      sum.addi(each.tensorAlongDimension(i, 0, 2));
    }
    return new INDArray[] {sum};
  }
}
