package org.descry.layer;

import java.util.Map;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The explicit passes of one layer in one network: kernels and what the last forward pass left for
 * the backward pass.
 */
interface ExplicitPass {
  /** Says which training iteration the next forward pass belongs to. */
  default void iteration(int count) {}

  /**
   * @param mask the features' mask, or null
   * @param params the layer's parameters by name
   */
  INDArray forward(
      INDArray x,
      INDArray mask,
      boolean training,
      Map<String, INDArray> params,
      Allocator allocator);

  /**
   * Writes the parameters' gradients into the given views.
   *
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return the input's gradient, or null
   */
  INDArray backward(INDArray dOut, Map<String, INDArray> gradients, Allocator allocator);
}
