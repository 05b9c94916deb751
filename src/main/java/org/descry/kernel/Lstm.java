package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A long short-term memory (Hochreiter and Schmidhuber, 1997, with forget gates) over a sequence,
 * from the first step to the last or, reversed, from the last to the first: {@code a = x[t] Wx +
 * h[t-1] Wh + b}, whose four blocks of H columns are the gates in the order i, f, o, g; i, f, o
 * pass a sigmoid and g a tanh; {@code c[t] = f c[t-1] + i g, h[t] = o tanh(c[t])}.
 *
 * <p>Shapes: x is N x T x D and out N x T x H, both views of time-major memory (T x N x D) where
 * they are fast; h0 and c0 are N x H or null for zeros; Wx is D x 4H, Wh is H x 4H, b is 4H; mask
 * is N x T or null. Types: all FLOAT or all DOUBLE.
 *
 * <p>A step whose mask is 0 keeps both states before it.
 *
 * <p>Backward, with {@code dH = dOut[t] + dA[t+1] Wh^T} and {@code dC = dC[t+1] f[t+1] + dH o (1 -
 * tanh(c)^2)}: {@code dA} has the blocks {@code dC g i (1 - i), dC c[t-1] f (1 - f), dH tanh(c) o
 * (1 - o), dC i (1 - g^2)}; {@code dX = dA Wx^T, dWx = X^T dA, dWh = Hprev^T dA, db = 1^T dA}, each
 * one product over all steps. A truncation k cuts what flows back after every k steps.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class Lstm {
  private static final int GATES = RnnCell.LSTM.gates();

  private final boolean reversed;
  private final int truncation;
  private final StepInput joining;
  private final NativeOp product = new NativeOp("matmul", 0, 0, 0);
  private final NativeOp affine = new NativeOp("matmul", 0, 0, 0).then("biasadd");
  private final NativeOp addProduct = new NativeOp("matmul", 0, 0, 0).reals(1, 1);
  private final NativeOp productTransposeA = new NativeOp("matmul", 1, 0, 0);
  private final NativeOp transpose = new NativeOp("transpose");
  private final NativeOp multiply = new NativeOp("multiply");
  private final NativeOp add = new NativeOp("add");
  private final NativeOp concatenate = new NativeOp("concat", 1);
  private final LstmGates gateFunctions = new LstmGates();
  private final TanhDerivative tanhDerivative = new TanhDerivative();
  private final RowSum biasGradient = new RowSum();
  private final SequenceMask hiddenMask = new SequenceMask();
  private final SequenceMask cellMask = new SequenceMask();
  private final Steps states = new Steps();
  private final Steps cells = new Steps();
  private final Steps squashedCells = new Steps();
  private final Steps gates = new Steps();
  private final Steps inputGates = new Steps();
  private final Steps forgetGates = new Steps();
  private final Steps outputGates = new Steps();
  private final Steps candidates = new Steps();
  private final Steps stateGradients = new Steps();
  private final Steps preactivationGradients = new Steps();
  private final Steps gateDerivatives = new Steps();
  private final Steps cellDerivatives = new Steps();
  private final Scratch input = new Scratch();
  private final Scratch cellGradient = new Scratch();
  private final Scratch inputGradient = new Scratch();
  private final Scratch forgetGradient = new Scratch();
  private final Scratch outputGradient = new Scratch();
  private final Scratch candidateGradient = new Scratch();
  private final Scratch recurrentTransposed = new Scratch();
  private final Scratch inputTransposed = new Scratch();

  /** A whole sequence, forwards, without truncation. */
  public Lstm() {
    this(false, 0);
  }

  /**
   * @param reversed from the last step to the first
   * @param truncation the number of steps that gradients flow back through, or 0 for all
   */
  public Lstm(boolean reversed, int truncation) {
    this(reversed, truncation, null);
  }

  /**
   * @param joining what joins the input step by step, or null
   */
  Lstm(boolean reversed, int truncation, StepInput joining) {
    Check.truncation("Lstm", truncation);
    this.reversed = reversed;
    this.truncation = truncation;
    this.joining = joining;
  }

  /**
   * What the backward pass needs.
   *
   * @param rows x as (T N) x D
   * @param out the hidden states, N x T x H
   * @param last the hidden state after the last step in reading order, N x H, in memory of the
   *     kernel
   * @param lastCell the cell state after that step, N x H, in memory of the kernel
   */
  public record Cache(
      INDArray rows, INDArray wX, INDArray wH, INDArray out, INDArray last, INDArray lastCell) {}

  /** The gradients that flow on: N x T x D, N x H and N x H; null where nobody asked. */
  public record Gradients(INDArray dX, INDArray dH0, INDArray dC0) {}

  /**
   * @throws IllegalArgumentException for shapes or types other than the class describes
   */
  public Cache forward(
      INDArray x,
      INDArray h0,
      INDArray c0,
      INDArray wX,
      INDArray wH,
      INDArray b,
      INDArray mask,
      Allocator allocator) {
    check(x, h0, c0, wX, wH, b);
    long n = x.size(0);
    long t = x.size(1);
    long hidden = wH.size(0);
    DataType type = x.dataType();
    INDArray rows = Layout.timeMajorRows(x, input);
    // One slot more than steps: the initial state stands before the first step (after the last, if
    // reversed).
    states.buffer(type, t + 1, n, hidden);
    cells.buffer(type, t + 1, n, hidden);
    long initial = reversed ? t : 0;
    Steps.set(states.step(initial), h0);
    Steps.set(cells.step(initial), c0);
    squashedCells.buffer(type, t, n, hidden);
    gates.buffer(type, t, n, GATES * hidden);
    for (Steps gate : new Steps[] {inputGates, forgetGates, outputGates, candidates}) {
      gate.buffer(type, t, n, hidden);
    }
    INDArray preactivations = gates.rows(0, t);
    affine.in(rows, wX, b).out(preactivations).run();
    gateFunctions.prepare(type, hidden);
    hiddenMask.set(mask, n, t, type);
    cellMask.set(mask, n, t, type);
    for (long i = 0; i < t; i++) {
      step(reversed ? t - 1 - i : i, wH);
    }
    INDArray out = allocator.create(type, t, n, hidden);
    Layout.reshape(out, t * n, hidden).assign(states.rows(reversed ? 0 : 1, reversed ? t : t + 1));
    long last = reversed ? 0 : t;
    return new Cache(rows, wX, wH, out.permute(1, 0, 2), states.step(last), cells.step(last));
  }

  private void step(long step, INDArray wH) {
    long before = reversed ? step + 1 : step;
    long after = reversed ? step : step + 1;
    INDArray a = gates.step(step);
    INDArray c = cells.step(after);
    INDArray h = states.step(after);
    if (joining != null) {
      joining.forward(step, states.step(before), a);
    }
    var parts =
        new LstmGates.Parts(
            inputGates.step(step),
            forgetGates.step(step),
            outputGates.step(step),
            candidates.step(step));
    gateFunctions.advance(
        states.step(before), wH, a, cells.step(before), parts, c, squashedCells.step(step), h);
    cellMask.keepWhereMasked(step, c, cells.step(before));
    hiddenMask.keepWhereMasked(step, h, states.step(before));
  }

  /**
   * Writes the parameters' gradients into {@code dWx, dWh, db}.
   *
   * @param dOut N x T x H, or null for zeros
   * @param dLast the gradient that arrives at the last hidden state, N x H, or null for zeros
   * @param dLastCell the gradient that arrives at the last cell state, N x H, or null for zeros
   * @param dXAllocator where dX goes, or null where nobody needs it
   * @param dH0Allocator where dH0 goes, or null where nobody needs the initial states' gradients
   * @param dC0Allocator where dC0 goes, or null likewise
   */
  public Gradients backward(
      INDArray dOut,
      INDArray dLast,
      INDArray dLastCell,
      Cache cache,
      INDArray dWx,
      INDArray dWh,
      INDArray db,
      Allocator dXAllocator,
      Allocator dH0Allocator,
      Allocator dC0Allocator) {
    DataType type = cache.out.dataType();
    long n = cache.out.size(0);
    long t = cache.out.size(1);
    long hidden = cache.out.size(2);
    Arriving.fill(stateGradients, "Lstm", dOut, dLast, cache.out, reversed);
    preactivationGradients.buffer(type, t, n, GATES * hidden);
    gateDerivatives.buffer(type, t, n, GATES * hidden);
    gateFunctions.derivative(gates.rows(0, t), gateDerivatives.rows(0, t));
    cellDerivatives.buffer(type, t, n, hidden);
    INDArray throughTanh = cellDerivatives.rows(0, t);
    tanhDerivative.run(squashedCells.rows(0, t), throughTanh);
    multiply.in(throughTanh, outputGates.rows(0, t)).out(throughTanh).run();
    // Products with a transposed second factor take twice as long at these sizes.
    INDArray wHTransposed = recurrentTransposed.get(type, GATES * hidden, hidden);
    transpose.in(cache.wH).out(wHTransposed).run();
    hiddenMask.startBackward(n, hidden, type);
    cellMask.startBackward(n, hidden, type);
    INDArray dC = cellGradient.get(type, n, hidden);
    Steps.set(dC, dLastCell);
    for (long i = 0; i < t; i++) {
      long step = reversed ? i : t - 1 - i;
      boolean cut = truncation > 0 && (t - i) % truncation == 0;
      if (i > 0 && cut) {
        dC.assign(0);
      } else if (i > 0) {
        INDArray dH = stateGradients.step(step);
        long later = reversed ? step - 1 : step + 1;
        addProduct.in(preactivationGradients.step(later), wHTransposed).out(dH).run();
        joinBackward(later, dH);
        hiddenMask.addKept(dH);
        cellMask.addKept(dC);
      }
      stepBackward(step, dC);
    }
    INDArray dA = preactivationGradients.rows(0, t);
    productTransposeA.in(cache.rows, dA).out(dWx).run();
    productTransposeA.in(states.rows(reversed ? 1 : 0, reversed ? t + 1 : t), dA).out(dWh).run();
    biasGradient.run(dA, db);
    INDArray dX = dXAllocator == null ? null : inputGradient(dA, cache, n, t, dXAllocator);
    long first = reversed ? t - 1 : 0;
    INDArray dH0 = dH0Allocator == null ? null : dH0Allocator.create(type, n, hidden);
    if (dH0 != null) {
      product.in(preactivationGradients.step(first), wHTransposed).out(dH0).run();
    }
    joinBackward(first, dH0);
    if (joining != null) {
      joining.finish(states.rows(reversed ? 1 : 0, reversed ? t + 1 : t), dA);
    }
    if (dH0 == null) {
      return new Gradients(dX, null, null);
    }
    hiddenMask.addKept(dH0);
    INDArray dC0 = dC0Allocator.create(type, n, hidden).assign(dC);
    cellMask.addKept(dC0);
    return new Gradients(dX, dH0, dC0);
  }

  private void joinBackward(long step, INDArray dBefore) {
    if (joining != null) {
      joining.backward(step, preactivationGradients.step(step), dBefore);
    }
  }

  /** Turns dC of this step into dC of the step before it. */
  private void stepBackward(long step, INDArray dC) {
    INDArray dH = stateGradients.step(step);
    INDArray dI = inputGradient.get(dC.dataType(), dC.shape());
    INDArray dF = forgetGradient.get(dC.dataType(), dC.shape());
    INDArray dO = outputGradient.get(dC.dataType(), dC.shape());
    INDArray dG = candidateGradient.get(dC.dataType(), dC.shape());
    INDArray dA = preactivationGradients.step(step);
    hiddenMask.split(step, dH);
    cellMask.split(step, dC);
    multiply.in(dH, squashedCells.step(step)).out(dO).run();
    multiply.in(dH, cellDerivatives.step(step)).out(dH).run();
    add.in(dC, dH).out(dC).run();
    multiply.in(dC, candidates.step(step)).out(dI).run();
    multiply.in(dC, inputGates.step(step)).out(dG).run();
    multiply.in(dC, cells.step(reversed ? step + 1 : step)).out(dF).run();
    multiply.in(dC, forgetGates.step(step)).out(dC).run();
    concatenate.in(dI, dF, dO, dG).out(dA).run();
    multiply.in(dA, gateDerivatives.step(step)).out(dA).run();
  }

  private INDArray inputGradient(INDArray dA, Cache cache, long n, long t, Allocator allocator) {
    long width = cache.wX.size(0);
    INDArray wXTransposed = inputTransposed.get(dA.dataType(), dA.size(1), width);
    transpose.in(cache.wX).out(wXTransposed).run();
    INDArray dX = allocator.create(dA.dataType(), t, n, width);
    product.in(dA, wXTransposed).out(Layout.reshape(dX, t * n, width)).run();
    return dX.permute(1, 0, 2);
  }

  private static void check(
      INDArray x, INDArray h0, INDArray c0, INDArray wX, INDArray wH, INDArray b) {
    long hidden = wH.size(0);
    Check.shape("Lstm", "x", x, -1, -1, wX.size(0));
    Check.shape("Lstm", "Wh", wH, hidden, GATES * hidden);
    Check.shape("Lstm", "Wx", wX, -1, GATES * hidden);
    Check.shape("Lstm", "b", b, GATES * hidden);
    Check.type("Lstm", x, h0, c0, wX, wH, b);
    for (INDArray state : new INDArray[] {h0, c0}) {
      if (state != null) {
        Check.shape("Lstm", "an initial state", state, x.size(0), hidden);
      }
    }
  }
}
