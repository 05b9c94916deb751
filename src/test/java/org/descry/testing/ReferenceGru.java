package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Gated recurrent unit by definition, the reset behind the product: {@code r = sigmoid(a_r + p_r),
 * z = sigmoid(a_z + p_z), n = tanh(a_n + r p_n), h[t] = (1 - z) n + z h[t-1]} with {@code a = x[t]
 * Wx + b, p = h[t-1] Wh}.
 *
 * <p>x is N x T x D, h0 is N x H, Wx is D x 3H, Wh is H x 3H, b is 3H; out is N x T x H. Masks,
 * order and truncation are those of {@link ReferenceRnn}. One sequence at a time, gradients by hand
 * from the chain rule of each scalar.
 */
public final class ReferenceGru {
  private ReferenceGru() {}

  /** The states after each step, N x T x H. */
  public static INDArray forward(ReferenceRnn.Sequence s) {
    return new Run(s).out.toArray();
  }

  /** The gradients of sum(out * dOut). */
  public static ReferenceRnn.Gradients backward(INDArray dOut, ReferenceRnn.Sequence s) {
    return new Run(s).backward(Tensor.of(dOut));
  }

  private static final class Run {
    final Tensor x;
    final Tensor first;
    final Tensor wx;
    final Tensor wh;
    final Tensor b;
    final Tensor kept;
    final ReferenceRnn.Mode mode;
    final int steps;
    final int hidden;
    final Tensor out;
    final Tensor r;
    final Tensor z;
    final Tensor n;
    final Tensor candidate;

    Run(ReferenceRnn.Sequence s) {
      x = Tensor.of(s.x());
      first = s.firstH();
      wx = Tensor.of(s.wx());
      wh = Tensor.of(s.wh());
      b = Tensor.of(s.b());
      kept = s.kept();
      mode = s.mode();
      steps = x.size(1);
      hidden = wh.size(0);
      int rows = x.size(0);
      out = new Tensor(rows, steps, hidden);
      r = new Tensor(rows, steps, hidden);
      z = new Tensor(rows, steps, hidden);
      n = new Tensor(rows, steps, hidden);
      candidate = new Tensor(rows, steps, hidden);
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < steps; i++) {
          for (int j = 0; j < hidden; j++) {
            step(row, i, j);
          }
        }
      }
    }

    private void step(int row, int i, int j) {
      int t = mode.at(i, steps);
      double reset = ReferenceElementwise.sigmoid(fromInput(row, t, j) + fromState(row, i, j));
      double update =
          ReferenceElementwise.sigmoid(
              fromInput(row, t, hidden + j) + fromState(row, i, hidden + j));
      double p = fromState(row, i, 2 * hidden + j);
      double fresh = Math.tanh(fromInput(row, t, 2 * hidden + j) + reset * p);
      double before = before(row, i, j);
      double next = (1 - update) * fresh + update * before;
      r.set(reset, row, t, j);
      z.set(update, row, t, j);
      n.set(fresh, row, t, j);
      candidate.set(p, row, t, j);
      out.set(kept.get(row, t) == 0 ? before : next, row, t, j);
    }

    private double fromInput(int row, int t, int column) {
      double sum = b.flat(column);
      for (int d = 0; d < x.size(2); d++) {
        sum += x.get(row, t, d) * wx.get(d, column);
      }
      return sum;
    }

    private double fromState(int row, int i, int column) {
      double sum = 0;
      for (int k = 0; k < hidden; k++) {
        sum += before(row, i, k) * wh.get(k, column);
      }
      return sum;
    }

    private double before(int row, int i, int k) {
      return i == 0 ? first.get(row, k) : out.get(row, mode.at(i - 1, steps), k);
    }

    ReferenceRnn.Gradients backward(Tensor dOut) {
      Tensor dx = new Tensor(x.shape());
      Tensor dWx = new Tensor(wx.shape());
      Tensor dWh = new Tensor(wh.shape());
      Tensor db = new Tensor(wh.size(1));
      Tensor dh = new Tensor(first.shape());
      for (int i = steps - 1; i >= 0; i--) {
        int t = mode.at(i, steps);
        Tensor dPrevious = new Tensor(first.shape());
        for (int row = 0; row < x.size(0); row++) {
          for (int j = 0; j < hidden; j++) {
            double d = dh.get(row, j) + dOut.get(row, t, j);
            if (kept.get(row, t) == 0) {
              dPrevious.add(d, row, j);
              continue;
            }
            double reset = r.get(row, t, j);
            double update = z.get(row, t, j);
            double fresh = n.get(row, t, j);
            double dn = d * (1 - update) * (1 - fresh * fresh);
            double dz = d * (before(row, i, j) - fresh) * update * (1 - update);
            double dr = dn * candidate.get(row, t, j) * reset * (1 - reset);
            dPrevious.add(d * update, row, j);
            double[] da = {dr, dz, dn};
            double[] dp = {dr, dz, dn * reset};
            for (int gate = 0; gate < 3; gate++) {
              int column = gate * hidden + j;
              db.add(da[gate], column);
              for (int e = 0; e < x.size(2); e++) {
                dx.add(da[gate] * wx.get(e, column), row, t, e);
                dWx.add(da[gate] * x.get(row, t, e), e, column);
              }
              for (int k = 0; k < hidden; k++) {
                dPrevious.add(dp[gate] * wh.get(k, column), row, k);
                dWh.add(dp[gate] * before(row, i, k), k, column);
              }
            }
          }
        }
        dh = mode.cutsBefore(i) ? new Tensor(first.shape()) : dPrevious;
      }
      return new ReferenceRnn.Gradients(
          dx.toArray(), dh.toArray(), dWx.toArray(), dWh.toArray(), db.toArray());
    }
  }
}
