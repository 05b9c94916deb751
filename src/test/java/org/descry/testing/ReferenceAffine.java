package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Affine map by definition: {@code out[n,m] = sum_d x[n,d] w[d,m] + b[m]}.
 *
 * <p>x is N x d1 x .. x dk, read as N x D with D = d1 .. dk; w is D x M; b is M (or 1 x M); out is
 * N x M. With dOut = dL/dout: {@code dx[n,d] = sum_m dOut[n,m] w[d,m]}, {@code dw[d,m] = sum_n
 * x[n,d] dOut[n,m]}, {@code db[m] = sum_n dOut[n,m]}. The temporal form takes x as N x T x D and
 * applies the same map at each step.
 */
public final class ReferenceAffine {
  private ReferenceAffine() {}

  /** Returns out, N x M. */
  public static INDArray forward(INDArray x, INDArray w, INDArray b) {
    return forward(rows(x, 1), Tensor.of(w), Tensor.of(b)).toArray();
  }

  /** Returns the gradients of sum(out * dOut). */
  public static Operands.Gradients backward(INDArray dOut, INDArray x, INDArray w, INDArray b) {
    return backward(Tensor.of(dOut), rows(x, 1), Tensor.of(w), x, b);
  }

  /** Returns out, N x T x M, for x of N x T x D. */
  public static INDArray temporalForward(INDArray x, INDArray w, INDArray b) {
    Tensor out = forward(rows(x, 2), Tensor.of(w), Tensor.of(b));
    return out.reshape((int) x.size(0), (int) x.size(1), out.size(1)).toArray();
  }

  /** Returns the gradients of sum(out * dOut) for dOut of N x T x M. */
  public static Operands.Gradients temporalBackward(
      INDArray dOut, INDArray x, INDArray w, INDArray b) {
    return backward(rows(dOut, 2), rows(x, 2), Tensor.of(w), x, b);
  }

  /** The array with its first {@code leading} dimensions as rows and the others as columns. */
  private static Tensor rows(INDArray array, int leading) {
    int rows = 1;
    for (int d = 0; d < leading; d++) {
      rows *= (int) array.size(d);
    }
    return Tensor.of(array).reshape(rows, (int) array.length() / rows);
  }

  private static Tensor forward(Tensor x, Tensor w, Tensor b) {
    Tensor out = new Tensor(x.size(0), w.size(1));
    for (int n = 0; n < x.size(0); n++) {
      for (int m = 0; m < w.size(1); m++) {
        double sum = b.flat(m);
        for (int d = 0; d < x.size(1); d++) {
          sum += x.get(n, d) * w.get(d, m);
        }
        out.set(sum, n, m);
      }
    }
    return out;
  }

  private static Operands.Gradients backward(
      Tensor dOut, Tensor x, Tensor w, INDArray xLike, INDArray b) {
    Tensor dx = new Tensor(x.shape());
    Tensor dw = new Tensor(w.shape());
    Tensor db = new Tensor(w.size(1));
    for (int n = 0; n < x.size(0); n++) {
      for (int m = 0; m < w.size(1); m++) {
        db.add(dOut.get(n, m), m);
        for (int d = 0; d < x.size(1); d++) {
          dx.add(dOut.get(n, m) * w.get(d, m), n, d);
          dw.add(dOut.get(n, m) * x.get(n, d), d, m);
        }
      }
    }
    return new Operands.Gradients(
        dx.toArray().reshape('c', xLike.shape()),
        dw.toArray(),
        db.toArray().reshape('c', b.shape()));
  }
}
