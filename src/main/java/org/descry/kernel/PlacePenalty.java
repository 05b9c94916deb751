package org.descry.kernel;

import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The penalty of {@link SoftAttention}'s weights and its part of their gradient. Where p is 0 there
 * is nothing to do.
 */
final class PlacePenalty {
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp add = new NativeOp("add");
  private final NativeOp anyStep = new NativeOp("reduce_max", 0);
  private final NativeOp squares = new NativeOp("reduce_sqnorm", 0, 1).reals(1); // keeps 1 x 1
  private final Steps masks = new Steps();
  private final Scratch wanted = new Scratch();
  private final Scratch excesses = new Scratch();
  private final Scratch pulls = new Scratch();
  private final Scratch parts = new Scratch();
  private final Scratch sums = new Scratch();
  private final double p;
  private INDArray excess;
  private INDArray told;
  private boolean masked;

  /**
   * @param p at least 0
   */
  PlacePenalty(double p) {
    if (!(p >= 0)) {
      throw new IllegalArgumentException(
          "SoftAttention: expected a penalty of at least 0, got " + p);
    }
    this.p = p;
  }

  /**
   * Before the first step.
   *
   * @param mask which steps count, N x T, or null for all
   */
  void begin(DataType type, long n, long places, INDArray mask, long t) {
    if (mask != null) {
      Check.shape("SoftAttention", "mask", mask, n, t);
    }
    if (p == 0) {
      return;
    }
    excess = excesses.get(type, n, places).assign(-1);
    masked = mask != null;
    if (masked) {
      INDArray kept = masks.buffer(type, t, n, 1);
      kept.reshape(t, n).assign(mask.transpose());
      INDArray any = wanted.get(type, n, 1);
      anyStep.in(kept).out(any).run();
      multiply.in(excess, any).out(excess).run();
    }
  }

  /**
   * @param w the weights of a step, N x L
   */
  void add(long step, INDArray w) {
    if (p > 0) {
      add.in(excess, kept(step, w)).out(excess).run();
    }
  }

  /** Where the mask keeps the step. */
  private INDArray kept(long step, INDArray array) {
    if (!masked) {
      return array;
    }
    INDArray part = parts.get(array.dataType(), array.shape());
    multiply.in(array, masks.step(step)).out(part).run();
    return part;
  }

  /** After the last step. */
  void end() {
    if (p > 0) {
      INDArray done = sums.get(excess.dataType(), 1, 1);
      squares.in(excess).out(done).run();
      Tape.run(() -> told = done);
    }
  }

  /** Of the latest pass, summed over its sequences; 0 before the first. */
  double value() {
    return told == null ? 0 : p * told.data().getDouble(told.offset());
  }

  /** Before the way back. */
  void startBackward() {
    if (p > 0) {
      pull().assign(excess).muli(2 * p);
    }
  }

  private INDArray pull() {
    return pulls.get(excess.dataType(), excess.shape());
  }

  /**
   * @param dW the gradient of a step's weights, to which it is added
   */
  void addGradient(long step, INDArray dW) {
    if (p > 0) {
      add.in(dW, kept(step, pull())).out(dW).run();
    }
  }
}
