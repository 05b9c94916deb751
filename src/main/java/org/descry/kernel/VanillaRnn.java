package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vanilla recurrent network over a sequence: {@code h[t] = tanh(x[t] Wx + h[t-1] Wh + b)}, from
 * the first step to the last or, reversed, from the last to the first.
 *
 * <p>Shapes: x is N x T x D and out N x T x H, both views of time-major memory (T x N x D) where
 * they are fast; h0 is N x H or null for zeros; Wx is D x H, Wh is H x H, b is H; mask is N x T or
 * null. Types: all FLOAT or all DOUBLE.
 *
 * <p>A step whose mask is 0 keeps the state before it, so that a padded sequence ends in the state
 * of its last word, and a reversed one starts there.
 *
 * <p>Backward (backpropagation through time), with {@code dA[t] = (dOut[t] + dA[t+1] Wh^T) (1 -
 * h[t]^2)}: {@code dX = dA Wx^T, dWx = X^T dA, dWh = Hprev^T dA, db = 1^T dA, dH0 = dA[0] Wh^T},
 * each one product over all steps. A truncation k cuts the term of dA[t+1] after every k steps.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class VanillaRnn {
  private final boolean reversed;
  private final int truncation;
  private final StepInput joining;
  private final boolean squashes;
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp affine = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final NativeOp advance = new NativeOp("matmul", 0, 0, 0).reals(1, 1).then("tanh");
  private final NativeOp addProduct = new NativeOp("matmul", 0, 0, 0).reals(1, 1);
  private final NativeOp retreat = new NativeOp("matmul", 0, 0, 0).reals(1, 1).then("multiply");
  private final NativeOp productTransposeA = new NativeOp("matmul", 1, 0, 0);
  private final NativeOp productTransposeB = new NativeOp("matmul", 0, 1, 0);
  private final NativeOp transpose = new NativeOp("transpose");
  private final NativeOp multiply = new NativeOp("multiply");
  private final TanhDerivative tanhDerivative = new TanhDerivative();
  private final RowSum biasGradient = new RowSum();
  private final SequenceMask sequenceMask = new SequenceMask();
  private final Steps states = new Steps();
  private final Steps preactivationGradients = new Steps();
  private final Steps derivatives = new Steps();
  private final Scratch input = new Scratch();
  private final Scratch recurrentTransposed = new Scratch();

  /** A whole sequence, forwards, without truncation. */
  public VanillaRnn() {
    this(false, 0);
  }

  /**
   * @param reversed from the last step to the first
   * @param truncation the number of steps that gradients flow back through, or 0 for all
   */
  public VanillaRnn(boolean reversed, int truncation) {
    this(reversed, truncation, null, true);
  }

  /**
   * @param joining what joins the input step by step, or null
   * @param squashes whether there is a tanh; without it its derivative is 1
   */
  VanillaRnn(boolean reversed, int truncation, StepInput joining, boolean squashes) {
    Check.truncation("VanillaRnn", truncation);
    this.reversed = reversed;
    this.truncation = truncation;
    this.joining = joining;
    this.squashes = squashes;
  }

  /**
   * What the backward pass needs; {@code rows} is x as (T N) x D, {@code out} is N x T x H.
   *
   * @param last the state after the last step in reading order, N x H, in memory of the kernel
   */
  public record Cache(INDArray rows, INDArray wX, INDArray wH, INDArray out, INDArray last) {}

  /** The gradients that flow on: N x T x D and N x H; null where nobody asked. */
  public record Gradients(INDArray dX, INDArray dH0) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(
      INDArray x,
      INDArray h0,
      INDArray wX,
      INDArray wH,
      INDArray b,
      INDArray mask,
      Allocator allocator) {
    Check.shape("VanillaRnn", "x", x, -1, -1, wX.size(0));
    long n = x.size(0);
    long t = x.size(1);
    long hidden = wX.size(1);
    Check.shape("VanillaRnn", "Wh", wH, hidden, hidden);
    Check.shape("VanillaRnn", "b", b, hidden);
    Check.type("VanillaRnn", x, h0, wX, wH, b);
    if (h0 != null) {
      Check.shape("VanillaRnn", "h0", h0, n, hidden);
    }
    DataType type = x.dataType();
    INDArray rows = Layout.timeMajorRows(x, input);
    // One slot more than steps: the initial state stands before the first step (after the last, if
    // reversed).
    states.buffer(type, t + 1, n, hidden);
    Steps.set(states.step(reversed ? t : 0), h0);
    INDArray current = states.rows(reversed ? 0 : 1, reversed ? t : t + 1);
    affine.in(rows, wX, b).out(current).run();
    sequenceMask.set(mask, n, t, type);
    for (long i = 0; i < t; i++) {
      long step = reversed ? t - 1 - i : i;
      INDArray state = states.step(reversed ? step : step + 1);
      INDArray previous = states.step(reversed ? step + 1 : step);
      if (joining != null) {
        joining.forward(step, previous, state);
      }
      (squashes ? advance : addProduct).in(previous, wH).out(state).run();
      sequenceMask.keepWhereMasked(step, state, previous);
    }
    INDArray out = allocator.create(type, t, n, hidden);
    Layout.reshape(out, t * n, hidden).assign(current);
    INDArray last = states.step(reversed ? 0 : t);
    return new Cache(rows, wX, wH, out.permute(1, 0, 2), last);
  }

  /** As the other {@code backward}, where no gradient arrives at the last state by itself. */
  public Gradients backward(
      INDArray dOut,
      Cache cache,
      INDArray dWx,
      INDArray dWh,
      INDArray db,
      Allocator dXAllocator,
      Allocator dH0Allocator) {
    return backward(dOut, null, cache, dWx, dWh, db, dXAllocator, dH0Allocator);
  }

  /**
   * Writes the parameters' gradients into {@code dWx, dWh, db}.
   *
   * @param dOut N x T x H, or null for zeros
   * @param dLast the gradient that arrives at the last state, N x H, or null for zeros
   * @param dXAllocator where dX goes, or null where nobody needs it
   * @param dH0Allocator where dH0 goes, or null where nobody needs it
   */
  public Gradients backward(
      INDArray dOut,
      INDArray dLast,
      Cache cache,
      INDArray dWx,
      INDArray dWh,
      INDArray db,
      Allocator dXAllocator,
      Allocator dH0Allocator) {
    DataType type = cache.out.dataType();
    long n = cache.out.size(0);
    long t = cache.out.size(1);
    long hidden = cache.out.size(2);
    Arriving.fill(preactivationGradients, "VanillaRnn", dOut, dLast, cache.out, reversed);
    INDArray dA = preactivationGradients.rows(0, t);
    if (squashes) {
      derivatives.buffer(type, t, n, hidden);
      INDArray current = states.rows(reversed ? 0 : 1, reversed ? t : t + 1);
      tanhDerivative.run(current, derivatives.rows(0, t));
    }
    // Products with a transposed second factor take half as long again at these sizes; once a pass
    // is cheaper than once a step.
    INDArray wHTransposed = recurrentTransposed.get(type, hidden, hidden);
    transpose.in(cache.wH).out(wHTransposed).run();
    sequenceMask.startBackward(n, hidden, type);
    for (long i = 0; i < t; i++) {
      long step = reversed ? i : t - 1 - i;
      long later = reversed ? step - 1 : step + 1;
      INDArray gradient = preactivationGradients.step(step);
      boolean cut = truncation > 0 && (t - i) % truncation == 0;
      if (i > 0 && !cut && !sequenceMask.active() && joining == null && squashes) {
        retreat
            .in(preactivationGradients.step(later), wHTransposed, derivatives.step(step))
            .out(gradient)
            .run();
        continue;
      }
      if (i > 0 && !cut) {
        addProduct.in(preactivationGradients.step(later), wHTransposed).out(gradient).run();
        joinBackward(later, gradient);
        sequenceMask.addKept(gradient);
      }
      sequenceMask.split(step, gradient);
      if (squashes) {
        multiply.in(gradient, derivatives.step(step)).out(gradient).run();
      }
    }
    productTransposeA.in(cache.rows, dA).out(dWx).run();
    productTransposeA.in(states.rows(reversed ? 1 : 0, reversed ? t + 1 : t), dA).out(dWh).run();
    biasGradient.run(dA, db);
    Gradients flow =
        new Gradients(
            inputGradient(dA, cache, n, t, dXAllocator),
            initialGradient(wHTransposed, n, t, dH0Allocator));
    if (joining != null) {
      joining.finish(states.rows(reversed ? 1 : 0, reversed ? t + 1 : t), dA);
    }
    return flow;
  }

  private void joinBackward(long step, INDArray dBefore) {
    if (joining != null) {
      joining.backward(step, preactivationGradients.step(step), dBefore);
    }
  }

  private INDArray inputGradient(INDArray dA, Cache cache, long n, long t, Allocator allocator) {
    if (allocator == null) {
      return null;
    }
    INDArray dX = allocator.create(dA.dataType(), t, n, cache.wX.size(0));
    productTransposeB.in(dA, cache.wX).out(Layout.reshape(dX, t * n, cache.wX.size(0))).run();
    return dX.permute(1, 0, 2);
  }

  private INDArray initialGradient(INDArray wHTransposed, long n, long t, Allocator allocator) {
    long first = reversed ? t - 1 : 0;
    if (allocator == null) {
      joinBackward(first, null);
      return null;
    }
    INDArray dH0 = allocator.create(wHTransposed.dataType(), n, wHTransposed.size(0));
    product.in(preactivationGradients.step(first), wHTransposed).out(dH0).run();
    joinBackward(first, dH0);
    sequenceMask.addKept(dH0);
    return dH0;
  }
}
