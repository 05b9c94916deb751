package org.descry.layer;

import java.util.Map;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The explicit passes of one layer in one network: kernels and what the last forward pass left for
 * the backward pass. Arrays and masks come in the network's own type.
 */
public interface ExplicitPass {
  /** Says which training iteration the next forward pass belongs to. */
  default void iteration(int count) {}

  /**
   * @param x a batch of inputs; it stays as it is until the backward pass
   * @param mask the features' mask, or null
   * @param params the layer's parameters by name
   * @param allocator where the output goes; what else is kept goes into memory of the pass's own,
   *     such as a {@link org.descry.engine.Scratch}
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
   * @param dOut the output's gradient, of the loss summed over the batch
   * @param gradients the views by the parameters' names
   * @param allocator where the input's gradient goes, or null where nobody needs it
   * @return the input's gradient, or null
   */
  INDArray backward(INDArray dOut, Map<String, INDArray> gradients, Allocator allocator);

  /**
   * Whether the passes keep what {@link Recordable} promises, so that a training may record and
   * replay them; a network with a layer that does not is trained step by step.
   */
  default boolean recordable() {
    return false;
  }

  /** See {@link Recordable#takesExamplesApart}. */
  default boolean takesExamplesApart() {
    return false;
  }
}
