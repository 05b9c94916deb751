package org.descry.layer;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.kernel.TimeMajorStates;
import org.nd4j.linalg.api.ndarray.INDArray;

/** PyTorch's: sequences T x N x D, states one array (L K) x N x H for h and one for c. */
final class TimeMajorLayout implements RecurrentLayout {
  private final int cells;
  private final int states;
  private final long hidden;
  private final boolean finalStates;
  private final Scratch initial = new Scratch();
  private final Scratch outputGradients = new Scratch();

  /**
   * @param cells L K
   * @param states S
   * @param finalStates whether the vertex gives the final h, not the sequence
   */
  TimeMajorLayout(int cells, int states, long hidden, boolean finalStates) {
    this.cells = cells;
    this.states = states;
    this.hidden = hidden;
    this.finalStates = finalStates;
  }

  private TimeMajorStates of(long n) {
    return new TimeMajorStates(cells, states, n, hidden);
  }

  @Override
  public INDArray sequence(INDArray array) {
    return array.permute(1, 0, 2);
  }

  @Override
  public INDArray initial(INDArray[] given, long n) {
    return of(n).joined(initial::get, given[0].dataType(), given);
  }

  @Override
  public INDArray output(INDArray array) {
    return finalStates ? of(array.size(0)).part(array, 0) : sequence(array);
  }

  @Override
  public INDArray outputGradient(INDArray dOut) {
    return finalStates
        ? of(dOut.size(1)).joined(outputGradients::get, dOut.dataType(), firstOfStates(dOut))
        : sequence(dOut);
  }

  /** The final c is not given, so that no gradient arrives there. */
  private INDArray[] firstOfStates(INDArray dOut) {
    INDArray[] parts = new INDArray[states];
    parts[0] = dOut;
    return parts;
  }

  @Override
  public INDArray[] initialGradients(INDArray dH0, INDArray[] given, Allocator allocator) {
    INDArray[] gradients = new INDArray[states];
    for (int s = 0; s < states; s++) {
      gradients[s] = of(dH0.size(0)).part(dH0, s);
    }
    return gradients;
  }
}
