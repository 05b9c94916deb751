package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.kernel.StackedRnn.Parameters;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gated recurrent unit (Cho et al., 2014, with the reset behind the product as PyTorch and cuDNN
 * have it) over a sequence: {@code a = x[t] Wx + b} and {@code p = h[t-1] Wh} have three blocks of
 * H columns; {@code r = sigmoid(a_r + p_r), z = sigmoid(a_z + p_z), n = tanh(a_n + r p_n)}, {@code
 * h[t] = n + z (h[t-1] - n)}. PyTorch's second bias of n is 0.
 *
 * <p>Shapes: x is N x T x D and out N x T x H; h0 is N x H or null for zeros; Wx is D x 3H, Wh is H
 * x 3H, b is 3H; mask is N x T or null: a masked step keeps the state before it. Types: all FLOAT
 * or all DOUBLE.
 *
 * <p>Backward, with {@code dH} all that arrives at h[t]: {@code dN = dH (1 - z) (1 - n^2), dZ = dH
 * (h[t-1] - n) z (1 - z), dR = dN p_n r (1 - r)}; {@code dA = [dR, dZ, dN], dP = [dR, dZ, dN r]};
 * {@code dH[t-1] = dH z + dP Wh^T, dX = dA Wx^T, dWx = X^T dA, dWh = Hprev^T dP, db = 1^T dA}. A
 * truncation k cuts what flows back after every k steps.
 *
 * <p>An instance owns its scratch and is not thread-safe; a pass holds until the next forward pass.
 */
final class Gru implements Recurrence {
  private static final int GATES = RnnCell.GRU.gates();

  private final boolean reversed;
  private final int truncation;
  private final StepInput joining;
  private final NativeOp affine = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final NativeOp addProduct = new NativeOp("matmul", 0, 0, 0).reals(1, 1);
  private final NativeOp productTransposeA = new NativeOp("matmul", 1, 0, 0);
  private final NativeOp productTransposeB = new NativeOp("matmul", 0, 1, 0);
  private final NativeOp transpose = new NativeOp("transpose");
  private final NativeOp split = new NativeOp("split", GATES, 1);
  private final NativeOp concatenate = new NativeOp("concat", 1);
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp subtract = new NativeOp("subtract");
  private final NativeOp add = new NativeOp("add");
  private final GruGates gates = new GruGates();
  private final RowSum biasGradient = new RowSum();
  private final SequenceMask sequenceMask = new SequenceMask();
  private final Steps states = new Steps();
  private final Steps resets = new Steps();
  private final Steps updates = new Steps();
  private final Steps news = new Steps();
  private final Steps candidates = new Steps();
  private final Steps stateGradients = new Steps();
  private final Steps inputGradients = new Steps();
  private final Steps recurrentGradients = new Steps();
  private final Scratch input = new Scratch();
  private final Steps preactivations = new Steps();
  private final Scratch recurrentTransposed = new Scratch();
  private final Steps buffers = new Steps();

  /**
   * @param joining what joins the input step by step, or null
   */
  Gru(boolean reversed, int truncation, StepInput joining) {
    Check.truncation("Gru", truncation);
    this.reversed = reversed;
    this.truncation = truncation;
    this.joining = joining;
  }

  @Override
  public Pass forward(
      INDArray x, INDArray state, Parameters p, INDArray mask, Allocator allocator) {
    long hidden = p.wH().size(0);
    Check.shape("Gru", "x", x, -1, -1, p.wX().size(0));
    Check.shape("Gru", "Wh", p.wH(), hidden, GATES * hidden);
    Check.shape("Gru", "Wx", p.wX(), -1, GATES * hidden);
    Check.shape("Gru", "b", p.b(), GATES * hidden);
    Check.type("Gru", x, state, p.wX(), p.wH(), p.b());
    long n = x.size(0);
    long t = x.size(1);
    DataType type = x.dataType();
    INDArray rows = Layout.timeMajorRows(x, input);
    // One slot more than steps, as in VanillaRnn.
    states.buffer(type, t + 1, n, hidden);
    if (state != null) {
      Check.shape("Gru", "h0", state, n, hidden);
    }
    Steps.set(states.step(reversed ? t : 0), state);
    for (Steps each : new Steps[] {resets, updates, news, candidates}) {
      each.buffer(type, t, n, hidden);
    }
    preactivations.buffer(type, t, n, GATES * hidden);
    INDArray a = preactivations.rows(0, t);
    affine.in(rows, p.wX(), p.b()).out(a).run();
    if (joining == null) {
      split.in(a).out(resets.rows(0, t), updates.rows(0, t), news.rows(0, t)).run();
    }
    sequenceMask.set(mask, n, t, type);
    for (long i = 0; i < t; i++) {
      long step = reversed ? t - 1 - i : i;
      INDArray previous = states.step(reversed ? step + 1 : step);
      INDArray next = states.step(reversed ? step : step + 1);
      var parts = new GruGates.Parts(resets.step(step), updates.step(step), news.step(step));
      if (joining != null) {
        joining.forward(step, previous, preactivations.step(step));
        split.in(preactivations.step(step)).out(parts.r(), parts.z(), parts.n()).run();
      }
      gates.advance(previous, p.wH(), parts, candidates.step(step), next);
      sequenceMask.keepWhereMasked(step, next, previous);
    }
    INDArray out = allocator.create(type, t, n, hidden);
    Layout.reshape(out, t * n, hidden).assign(states.rows(reversed ? 0 : 1, reversed ? t : t + 1));
    INDArray sequence = out.permute(1, 0, 2);
    INDArray last = states.step(reversed ? 0 : t);
    return new Pass(
        sequence,
        into -> into.assign(last),
        (dOut, dLast, g, dXAllocator, dState) -> {
          Arriving.fill(stateGradients, "Gru", dOut, dLast, sequence, reversed);
          return backward(rows, p, sequence, g, dXAllocator, dState);
        });
  }

  /** From all that arrives at the states, which {@code stateGradients} holds. */
  private INDArray backward(
      INDArray rows,
      Parameters p,
      INDArray out,
      Parameters g,
      Allocator dXAllocator,
      INDArray dState) {
    long n = out.size(0);
    long t = out.size(1);
    long hidden = out.size(2);
    DataType type = out.dataType();
    inputGradients.buffer(type, t, n, GATES * hidden);
    recurrentGradients.buffer(type, t, n, GATES * hidden);
    buffers.buffer(type, 6, n, hidden);
    INDArray wHTransposed = recurrentTransposed.get(type, GATES * hidden, hidden);
    transpose.in(p.wH()).out(wHTransposed).run();
    sequenceMask.startBackward(n, hidden, type);
    INDArray carried = buffers.step(0); // dH of the step before
    for (long i = 0; i < t; i++) {
      long step = reversed ? i : t - 1 - i;
      INDArray dH = stateGradients.step(step);
      boolean cut = truncation > 0 && (t - i) % truncation == 0;
      if (i > 0 && !cut) {
        add.in(dH, carried).out(dH).run();
        sequenceMask.addKept(dH);
      }
      sequenceMask.split(step, dH);
      stepBackward(step, dH, carried);
      addProduct.in(recurrentGradients.step(step), wHTransposed).out(carried).run();
      if (joining != null) {
        joining.backward(step, inputGradients.step(step), carried);
      }
    }
    INDArray dA = inputGradients.rows(0, t);
    productTransposeA.in(rows, dA).out(g.wX()).run();
    productTransposeA
        .in(states.rows(reversed ? 1 : 0, reversed ? t + 1 : t), recurrentGradients.rows(0, t))
        .out(g.wH())
        .run();
    biasGradient.run(dA, g.b());
    if (joining != null) {
      joining.finish(states.rows(reversed ? 1 : 0, reversed ? t + 1 : t), dA);
    }
    if (dState != null) {
      sequenceMask.addKept(carried);
      dState.assign(carried);
    }
    if (dXAllocator == null) {
      return null;
    }
    INDArray dX = dXAllocator.create(type, t, n, p.wX().size(0));
    productTransposeB.in(dA, p.wX()).out(Layout.reshape(dX, t * n, p.wX().size(0))).run();
    return dX.permute(1, 0, 2);
  }

  /** From dH to dA and dP of the step, and what of dH goes past the gates to the step before. */
  private void stepBackward(long step, INDArray dH, INDArray past) {
    INDArray previous = states.step(reversed ? step + 1 : step);
    INDArray r = resets.step(step);
    INDArray z = updates.step(step);
    INDArray n = news.step(step);
    INDArray dZ = buffers.step(1);
    INDArray dN = buffers.step(2);
    INDArray dR = buffers.step(3);
    INDArray dCandidate = buffers.step(4);
    subtract.in(previous, n).out(dZ).run();
    multiply.in(dH, dZ).out(dZ).run();
    timesDerivative(dZ, z);
    multiply.in(dH, z).out(past).run();
    subtract.in(dH, past).out(dN).run();
    INDArray part = buffers.step(5);
    multiply.in(n, n).out(part).run();
    multiply.in(dN, part).out(part).run();
    subtract.in(dN, part).out(dN).run();
    multiply.in(dN, candidates.step(step)).out(dR).run();
    timesDerivative(dR, r);
    multiply.in(dN, r).out(dCandidate).run();
    concatenate.in(dR, dZ, dN).out(inputGradients.step(step)).run();
    concatenate.in(dR, dZ, dCandidate).out(recurrentGradients.step(step)).run();
  }

  /** {@code d = d s (1 - s)}. */
  private void timesDerivative(INDArray d, INDArray s) {
    INDArray part = buffers.step(5);
    multiply.in(s, s).out(part).run();
    subtract.in(s, part).out(part).run();
    multiply.in(d, part).out(d).run();
  }
}
