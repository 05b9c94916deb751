package org.descry.layer;

import java.util.Map;
import org.descry.engine.Allocator;
import org.descry.kernel.StackedRnn;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The explicit passes of one recurrent vertex in one network: kernels and what the last forward
 * pass left for the backward pass.
 */
interface RecurrentPass {
  /**
   * @param h0 the initial state of each sequence, or null for zeros
   * @param params the vertex's parameters by name
   * @param mask the features' mask, or null
   * @param to where the output goes
   */
  INDArray forward(
      INDArray x, INDArray h0, Map<String, INDArray> params, INDArray mask, Allocator to);

  /**
   * Writes the parameters' gradients into the given views.
   *
   * @param toX where dX goes; it is null where x has no gradient
   * @param toH0 where dH0 goes, or null where nobody needs it
   */
  StackedRnn.Gradients backward(
      INDArray dOut, Map<String, INDArray> gradients, Allocator toX, Allocator toH0);

  /** Copies the state after the last step of the latest forward pass. */
  void copyLast(INDArray into);

  /** What the latest forward pass adds to the loss, summed over its sequences. */
  default double penalty() {
    return 0;
  }

  /** See {@link Recordable#takesExamplesApart}. */
  default boolean takesExamplesApart() {
    return true;
  }
}
