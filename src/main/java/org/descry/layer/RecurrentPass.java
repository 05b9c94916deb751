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
   */
  INDArray forward(
      INDArray x, INDArray h0, Map<String, INDArray> params, INDArray mask, Allocator allocator);

  /**
   * Writes the parameters' gradients into the given views.
   *
   * @param allocator where dX goes; it is null where x has no gradient
   * @param dH0Allocator where dH0 goes, or null where nobody needs it
   */
  StackedRnn.Gradients backward(
      INDArray dOut, Map<String, INDArray> gradients, Allocator allocator, Allocator dH0Allocator);

  /** Copies the state after the last step of the latest forward pass. */
  void copyLast(INDArray into);
}
