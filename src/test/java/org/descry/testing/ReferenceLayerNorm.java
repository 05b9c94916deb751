package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layer normalisation by definition (Ba, Kiros and Hinton 2016): over the D columns of each row
 * {@code xhat = (x - mean) / sqrt(variance + eps)} with the uncorrected variance, {@code out =
 * gamma xhat + beta}. x and out are N x D, gamma and beta D.
 *
 * <p>Backward, with {@code dxhat = dOut gamma}: {@code dx = (dxhat - mean(dxhat) - xhat mean(dxhat
 * xhat)) / sqrt(variance + eps)}, means over the row.
 */
public final class ReferenceLayerNorm {
  private ReferenceLayerNorm() {}

  /** Gradients in the shapes of x, gamma and beta. */
  public record Gradients(INDArray dx, INDArray dGamma, INDArray dBeta) {}

  /** Mean and 1 / sqrt(variance + eps) of a row. */
  private record Statistics(double mean, double inverse) {}

  /** Returns out, N x D. */
  public static INDArray forward(INDArray x, INDArray gamma, INDArray beta, double eps) {
    Tensor xs = Tensor.of(x);
    Tensor scale = Tensor.of(gamma);
    Tensor shift = Tensor.of(beta);
    Tensor out = new Tensor(xs.shape());
    for (int n = 0; n < xs.size(0); n++) {
      Statistics s = statistics(xs, n, eps);
      for (int d = 0; d < xs.size(1); d++) {
        double normalized = (xs.get(n, d) - s.mean()) * s.inverse();
        out.set(scale.flat(d) * normalized + shift.flat(d), n, d);
      }
    }
    return out.toArray();
  }

  /** Returns the gradients of sum(out * dOut). */
  public static Gradients backward(INDArray dOut, INDArray x, INDArray gamma, double eps) {
    Tensor xs = Tensor.of(x);
    Tensor ds = Tensor.of(dOut);
    Tensor scale = Tensor.of(gamma);
    int width = xs.size(1);
    Tensor dx = new Tensor(xs.shape());
    Tensor dGamma = new Tensor(width);
    Tensor dBeta = new Tensor(width);
    for (int n = 0; n < xs.size(0); n++) {
      Statistics s = statistics(xs, n, eps);
      double mean = 0;
      double projection = 0;
      for (int d = 0; d < width; d++) {
        double normalized = (xs.get(n, d) - s.mean()) * s.inverse();
        dGamma.add(ds.get(n, d) * normalized, d);
        dBeta.add(ds.get(n, d), d);
        mean += ds.get(n, d) * scale.flat(d) / width;
        projection += ds.get(n, d) * scale.flat(d) * normalized / width;
      }
      for (int d = 0; d < width; d++) {
        double normalized = (xs.get(n, d) - s.mean()) * s.inverse();
        double centred = ds.get(n, d) * scale.flat(d) - mean - normalized * projection;
        dx.set(centred * s.inverse(), n, d);
      }
    }
    return new Gradients(
        dx.toArray(),
        dGamma.toArray().reshape('c', gamma.shape()),
        dBeta.toArray().reshape('c', gamma.shape()));
  }

  private static Statistics statistics(Tensor x, int n, double eps) {
    int width = x.size(1);
    double mean = 0;
    for (int d = 0; d < width; d++) {
      mean += x.get(n, d) / width;
    }
    double variance = 0;
    for (int d = 0; d < width; d++) {
      variance += (x.get(n, d) - mean) * (x.get(n, d) - mean) / width;
    }
    return new Statistics(mean, 1 / Math.sqrt(variance + eps));
  }
}
