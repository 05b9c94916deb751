package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LSTM by definition (Hochreiter and Schmidhuber 1997, with forget gates): {@code a = x[t] Wx +
 * h[t-1] Wh + b}, whose four blocks of H columns are the gates in the order i, f, o, g; {@code i,
 * f, o} pass a sigmoid and {@code g} a tanh; {@code c[t] = f c[t-1] + i g}, {@code h[t] = o
 * tanh(c[t])}.
 *
 * <p>x is N x T x D, h0 and c0 are N x H, Wx is D x 4H, Wh is H x 4H, b is 4H; out is N x T x H. A
 * step whose mask is 0 keeps both states before it. Order and truncation are those of {@link
 * ReferenceRnn.Mode}.
 */
public final class ReferenceLstm {
  private static final int GATES = 4;

  private ReferenceLstm() {}

  /** The states after each step, both N x T x H. */
  public record States(INDArray h, INDArray c) {}

  /** Gradients in the shapes of what they belong to; dh and dc are those of h0 and c0. */
  public record Gradients(
      INDArray dx, INDArray dh, INDArray dc, INDArray dWx, INDArray dWh, INDArray db) {}

  /**
   * What a forward pass computed: the gates after their nonlinearity, N x T x 4H, and the states.
   */
  private record Pass(Tensor gates, Tensor h, Tensor c) {}

  /** A whole sequence; a single step is a sequence of one. */
  public static States forward(ReferenceRnn.Sequence s) {
    Pass pass = pass(s);
    return new States(pass.h.toArray(), pass.c.toArray());
  }

  /**
   * The gradients of sum(h * dH) + sum(c * dC).
   *
   * @param dC N x T x H, or null for zeros, which is the rule: only a single step's c is seen
   */
  public static Gradients backward(INDArray dH, INDArray dC, ReferenceRnn.Sequence s) {
    Pass pass = pass(s);
    ReferenceRnn.Mode mode = s.mode();
    Tensor xs = Tensor.of(s.x());
    Tensor kept = s.kept();
    Tensor wxs = Tensor.of(s.wx());
    Tensor whs = Tensor.of(s.wh());
    Tensor firstH = s.firstH();
    Tensor firstC = s.firstC();
    Tensor outH = Tensor.of(dH);
    Tensor outC = dC == null ? new Tensor(outH.shape()) : Tensor.of(dC);
    int hidden = whs.size(0);
    Tensor dx = new Tensor(xs.shape());
    Tensor dWx = new Tensor(wxs.shape());
    Tensor dWh = new Tensor(whs.shape());
    Tensor db = new Tensor(whs.size(1));
    Tensor dh = new Tensor(firstH.shape());
    Tensor dc = new Tensor(firstC.shape());
    int steps = xs.size(1);
    for (int i = steps - 1; i >= 0; i--) {
      int t = mode.at(i, steps);
      Tensor dhPrevious = new Tensor(firstH.shape());
      Tensor dcPrevious = new Tensor(firstC.shape());
      for (int n = 0; n < xs.size(0); n++) {
        for (int j = 0; j < hidden; j++) {
          double dState = dh.get(n, j) + outH.get(n, t, j);
          double dCell = dc.get(n, j) + outC.get(n, t, j);
          if (kept.get(n, t) == 0) {
            dhPrevious.add(dState, n, j);
            dcPrevious.add(dCell, n, j);
            continue;
          }
          double in = pass.gates.get(n, t, j);
          double f = pass.gates.get(n, t, hidden + j);
          double o = pass.gates.get(n, t, 2 * hidden + j);
          double g = pass.gates.get(n, t, 3 * hidden + j);
          double squashed = Math.tanh(pass.c.get(n, t, j));
          dCell += dState * o * (1 - squashed * squashed);
          dcPrevious.add(dCell * f, n, j);
          double[] da = {
            dCell * g * in * (1 - in),
            dCell * before(pass.c, firstC, n, i, j, mode) * f * (1 - f),
            dState * squashed * o * (1 - o),
            dCell * in * (1 - g * g)
          };
          for (int gate = 0; gate < GATES; gate++) {
            int column = gate * hidden + j;
            db.add(da[gate], column);
            for (int d = 0; d < xs.size(2); d++) {
              dx.add(da[gate] * wxs.get(d, column), n, t, d);
              dWx.add(da[gate] * xs.get(n, t, d), d, column);
            }
            for (int k = 0; k < hidden; k++) {
              dhPrevious.add(da[gate] * whs.get(k, column), n, k);
              dWh.add(da[gate] * before(pass.h, firstH, n, i, k, mode), k, column);
            }
          }
        }
      }
      dh = mode.cutsBefore(i) ? new Tensor(firstH.shape()) : dhPrevious;
      dc = mode.cutsBefore(i) ? new Tensor(firstC.shape()) : dcPrevious;
    }
    return new Gradients(
        dx.toArray(), dh.toArray(), dc.toArray(), dWx.toArray(), dWh.toArray(), db.toArray());
  }

  private static Pass pass(ReferenceRnn.Sequence s) {
    ReferenceRnn.Mode mode = s.mode();
    Tensor xs = Tensor.of(s.x());
    Tensor kept = s.kept();
    Tensor wxs = Tensor.of(s.wx());
    Tensor whs = Tensor.of(s.wh());
    Tensor bs = Tensor.of(s.b());
    Tensor firstH = s.firstH();
    Tensor firstC = s.firstC();
    int hidden = whs.size(0);
    Tensor gates = new Tensor(xs.size(0), xs.size(1), GATES * hidden);
    Tensor h = new Tensor(xs.size(0), xs.size(1), hidden);
    Tensor c = new Tensor(xs.size(0), xs.size(1), hidden);
    for (int n = 0; n < xs.size(0); n++) {
      for (int i = 0; i < xs.size(1); i++) {
        int t = mode.at(i, xs.size(1));
        for (int column = 0; column < GATES * hidden; column++) {
          double a = bs.flat(column);
          for (int d = 0; d < xs.size(2); d++) {
            a += xs.get(n, t, d) * wxs.get(d, column);
          }
          for (int k = 0; k < hidden; k++) {
            a += before(h, firstH, n, i, k, mode) * whs.get(k, column);
          }
          boolean squashes = column >= 3 * hidden;
          gates.set(squashes ? Math.tanh(a) : ReferenceElementwise.sigmoid(a), n, t, column);
        }
        for (int j = 0; j < hidden; j++) {
          if (kept.get(n, t) == 0) {
            c.set(before(c, firstC, n, i, j, mode), n, t, j);
            h.set(before(h, firstH, n, i, j, mode), n, t, j);
            continue;
          }
          double cell =
              gates.get(n, t, hidden + j) * before(c, firstC, n, i, j, mode)
                  + gates.get(n, t, j) * gates.get(n, t, 3 * hidden + j);
          c.set(cell, n, t, j);
          h.set(gates.get(n, t, 2 * hidden + j) * Math.tanh(cell), n, t, j);
        }
      }
    }
    return new Pass(gates, h, c);
  }

  private static double before(
      Tensor states, Tensor first, int n, int i, int j, ReferenceRnn.Mode mode) {
    return i == 0 ? first.get(n, j) : states.get(n, mode.at(i - 1, states.size(1)), j);
  }
}
