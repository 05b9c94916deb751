package org.descry.kernel;

import java.util.function.Consumer;
import org.descry.engine.Allocator;
import org.descry.kernel.StackedRnn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recurrence over a sequence as {@link StackedRnn} stacks it: its whole state is one array, N x
 * (S H), see {@link RnnCell#states}.
 */
interface Recurrence {
  /**
   * @param x N x T x D
   * @param state the initial state, or null for zeros
   * @param mask N x T, or null
   */
  Pass forward(INDArray x, INDArray state, Parameters p, INDArray mask, Allocator allocator);

  /**
   * A forward pass and the way back through it; it holds until the next forward pass.
   *
   * @param out N x T x H
   * @param last copies the state after the last step in reading order
   */
  record Pass(INDArray out, Consumer<INDArray> last, Backward backward) {}

  /** The way back. */
  @FunctionalInterface
  interface Backward {
    /**
     * Writes the parameters' gradients into {@code g}.
     *
     * @param dOut N x T x H, or null for zeros
     * @param dLast the gradient that arrives at the last state, as {@link Pass#last} gives it, or
     *     null for zeros
     * @param dXAllocator where dX goes, or null where nobody needs it
     * @param dState where the gradient of the initial state is copied, or null where nobody needs
     *     it
     * @return dX, N x T x D, or null
     */
    INDArray run(
        INDArray dOut, INDArray dLast, Parameters g, Allocator dXAllocator, INDArray dState);
  }
}
