package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vanilla recurrent network by definition: {@code h[t] = tanh(x[t] Wx + h[t-1] Wh + b)}.
 *
 * <p>x is N x T x D, h0 is N x H, Wx is D x H, Wh is H x H, b is H; out is N x T x H and holds
 * every state. A step whose mask is 0 keeps the state before it. Reversed, the sequence runs from
 * its last step to its first.
 *
 * <p>Backward, with dh[t] all that arrives at h[t]: {@code da[t] = dh[t] (1 - h[t]^2)}, {@code
 * dx[t] = da[t] Wx^T}, {@code dh[t-1] += da[t] Wh^T}, {@code dWx = sum_t x[t]^T da[t]}, {@code dWh
 * = sum_t h[t-1]^T da[t]}, {@code db = sum da}.
 */
public final class ReferenceRnn {
  private ReferenceRnn() {}

  /**
   * How a sequence is run.
   *
   * @param reversed from the last step to the first
   * @param truncation gradients stop at every multiple of so many steps from the start; 0 for never
   * @param linear without tanh
   */
  public record Mode(boolean reversed, int truncation, boolean linear) {
    /** With tanh. */
    public Mode(boolean reversed, int truncation) {
      this(reversed, truncation, false);
    }

    /** Forwards, all gradients. */
    public static final Mode PLAIN = new Mode(false, 0);

    /** The index in time of the i-th step that is run. */
    int at(int i, int steps) {
      return reversed ? steps - 1 - i : i;
    }

    boolean cutsBefore(int i) {
      return truncation > 0 && i > 0 && i % truncation == 0;
    }
  }

  /**
   * What a recurrence reads.
   *
   * @param h0 N x H, or null for zeros
   * @param c0 N x H of an LSTM, or null for zeros
   * @param mask N x T of zeros and ones, or null for ones
   */
  public record Sequence(
      INDArray x,
      INDArray h0,
      INDArray c0,
      INDArray wx,
      INDArray wh,
      INDArray b,
      INDArray mask,
      Mode mode) {
    /** Of one state, with all gradients. */
    public Sequence(INDArray x, INDArray h0, INDArray wx, INDArray wh, INDArray b) {
      this(x, h0, null, wx, wh, b, null, Mode.PLAIN);
    }

    Tensor firstH() {
      return initial(h0);
    }

    Tensor firstC() {
      return initial(c0);
    }

    private Tensor initial(INDArray state) {
      return state == null ? new Tensor((int) x.size(0), (int) wh.size(0)) : Tensor.of(state);
    }

    /** N x T. */
    Tensor kept() {
      if (mask != null) {
        return Tensor.of(mask);
      }
      Tensor ones = new Tensor((int) x.size(0), (int) x.size(1));
      for (int i = 0; i < ones.length(); i++) {
        ones.setFlat(1, i);
      }
      return ones;
    }
  }

  /** Gradients in the shapes of what they belong to; dh is that of h0, or of a step's h. */
  public record Gradients(INDArray dx, INDArray dh, INDArray dWx, INDArray dWh, INDArray db) {}

  /** One step: x is N x D, h and the result are N x H. */
  public static INDArray step(INDArray x, INDArray h, INDArray wx, INDArray wh, INDArray b) {
    INDArray out = forward(new Sequence(oneStep(x), h, wx, wh, b));
    return out.reshape('c', h.shape());
  }

  /** The gradients of sum(step * dOut). */
  public static Gradients stepBackward(
      INDArray dOut, INDArray x, INDArray h, INDArray wx, INDArray wh, INDArray b) {
    Gradients g = backward(oneStep(dOut), new Sequence(oneStep(x), h, wx, wh, b));
    return new Gradients(g.dx().reshape('c', x.shape()), g.dh(), g.dWx(), g.dWh(), g.db());
  }

  /** A whole sequence. */
  public static INDArray forward(Sequence s) {
    return states(s).toArray();
  }

  /** The gradients of sum(out * dOut), for dOut of N x T x H. */
  public static Gradients backward(INDArray dOut, Sequence s) {
    Mode mode = s.mode;
    Tensor xs = Tensor.of(s.x);
    Tensor first = s.firstH();
    Tensor kept = s.kept();
    Tensor wxs = Tensor.of(s.wx);
    Tensor whs = Tensor.of(s.wh);
    Tensor ds = Tensor.of(dOut);
    Tensor h = states(s);
    Tensor dx = new Tensor(xs.shape());
    Tensor dWx = new Tensor(wxs.shape());
    Tensor dWh = new Tensor(whs.shape());
    Tensor db = new Tensor(whs.size(0));
    Tensor dh = new Tensor(first.shape());
    int steps = xs.size(1);
    for (int i = steps - 1; i >= 0; i--) {
      int t = mode.at(i, steps);
      Tensor dPrevious = new Tensor(first.shape());
      for (int n = 0; n < xs.size(0); n++) {
        for (int j = 0; j < whs.size(0); j++) {
          double dState = dh.get(n, j) + ds.get(n, t, j);
          if (kept.get(n, t) == 0) {
            dPrevious.add(dState, n, j);
            continue;
          }
          double da = dState * (mode.linear ? 1 : 1 - h.get(n, t, j) * h.get(n, t, j));
          db.add(da, j);
          for (int d = 0; d < xs.size(2); d++) {
            dx.add(da * wxs.get(d, j), n, t, d);
            dWx.add(da * xs.get(n, t, d), d, j);
          }
          for (int k = 0; k < whs.size(0); k++) {
            double previous = i == 0 ? first.get(n, k) : h.get(n, mode.at(i - 1, steps), k);
            dPrevious.add(da * whs.get(k, j), n, k);
            dWh.add(da * previous, k, j);
          }
        }
      }
      dh = mode.cutsBefore(i) ? new Tensor(first.shape()) : dPrevious;
    }
    return new Gradients(dx.toArray(), dh.toArray(), dWx.toArray(), dWh.toArray(), db.toArray());
  }

  private static Tensor states(Sequence s) {
    Mode mode = s.mode;
    Tensor x = Tensor.of(s.x);
    Tensor h0 = s.firstH();
    Tensor wx = Tensor.of(s.wx);
    Tensor wh = Tensor.of(s.wh);
    Tensor b = Tensor.of(s.b);
    Tensor kept = s.kept();
    int steps = x.size(1);
    Tensor out = new Tensor(x.size(0), steps, wh.size(0));
    for (int n = 0; n < x.size(0); n++) {
      for (int i = 0; i < steps; i++) {
        int t = mode.at(i, steps);
        for (int j = 0; j < wh.size(0); j++) {
          double a = b.flat(j);
          for (int d = 0; d < x.size(2); d++) {
            a += x.get(n, t, d) * wx.get(d, j);
          }
          for (int k = 0; k < wh.size(0); k++) {
            a += previous(out, h0, n, i, k, mode) * wh.get(k, j);
          }
          double fresh = mode.linear ? a : Math.tanh(a);
          double state = kept.get(n, t) == 0 ? previous(out, h0, n, i, j, mode) : fresh;
          out.set(state, n, t, j);
        }
      }
    }
    return out;
  }

  private static double previous(Tensor out, Tensor h0, int n, int i, int k, Mode mode) {
    return i == 0 ? h0.get(n, k) : out.get(n, mode.at(i - 1, out.size(1)), k);
  }

  static INDArray oneStep(INDArray x) {
    return x.dup('c').reshape('c', x.size(0), 1, x.size(1));
  }
}
