package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mask of a recurrence: where it is 0, a step keeps the state before it, and its gradient goes
 * to that state untouched. Without a mask every method does nothing.
 */
final class SequenceMask {
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp add = new NativeOp("add");
  private final Steps columns = new Steps();
  private final Scratch keptGradient = new Scratch();
  private boolean active;
  private INDArray kept;

  /**
   * @param mask N x T with 0 and 1, or null
   */
  void set(INDArray mask, long n, long t, DataType type) {
    active = mask != null;
    if (active) {
      Check.shape("recurrence", "mask", mask, n, t);
      columns.buffer(type, t, n, 1).reshape(t, n).assign(mask.transpose());
    }
  }

  boolean active() {
    return active;
  }

  /** {@code state = previous + mask (state - previous)}. */
  void keepWhereMasked(long step, INDArray state, INDArray previous) {
    if (active) {
      subtract.in(state, previous).out(state).run();
      multiply.in(state, columns.step(step)).out(state).run();
      add.in(state, previous).out(state).run();
    }
  }

  /** Before the first step of the backward pass: nothing has been kept yet. */
  void startBackward(long n, long hidden, DataType type) {
    if (active) {
      kept = keptGradient.get(type, n, hidden).assign(0);
    }
  }

  /** Adds the gradient that the later step handed to the state before it. */
  void addKept(INDArray gradient) {
    if (active) {
      add.in(gradient, kept).out(gradient).run();
    }
  }

  /** Splits a state's gradient: the masked part is kept for the state before it, the rest stays. */
  void split(long step, INDArray gradient) {
    if (active) {
      kept.assign(gradient);
      multiply.in(gradient, columns.step(step)).out(gradient).run();
      subtract.in(kept, gradient).out(kept).run();
    }
  }
}
