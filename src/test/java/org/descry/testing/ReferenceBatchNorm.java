package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation by definition (Ioffe and Szegedy 2015): over the N rows of each column {@code
 * mean = sum x / N}, {@code variance = sum (x - mean)^2 / N}, {@code xhat = (x - mean) /
 * sqrt(variance + eps)}, {@code out = gamma xhat + beta}.
 *
 * <p>x is N x D, or N x C x H x W with one column a channel and N H W rows; gamma and beta have one
 * element a column. In test mode the running averages stand in for mean and variance.
 */
public final class ReferenceBatchNorm {
  private ReferenceBatchNorm() {}

  /** The output in the shape of x, and the batch's statistics. */
  public record Forward(INDArray out, INDArray mean, INDArray variance) {}

  /** Gradients in the shapes of x, gamma and beta. */
  public record Gradients(INDArray dx, INDArray dGamma, INDArray dBeta) {}

  /** Normalises by the batch's own statistics. */
  public static Forward train(INDArray x, INDArray gamma, INDArray beta, double eps) {
    Tensor rows = rows(x);
    Tensor mean = new Tensor(rows.size(1));
    Tensor variance = new Tensor(rows.size(1));
    double n = rows.size(0);
    for (int d = 0; d < rows.size(1); d++) {
      for (int i = 0; i < rows.size(0); i++) {
        mean.add(rows.get(i, d) / n, d);
      }
      for (int i = 0; i < rows.size(0); i++) {
        double deviation = rows.get(i, d) - mean.get(d);
        variance.add(deviation * deviation / n, d);
      }
    }
    INDArray m = mean.toArray();
    INDArray v = variance.toArray();
    return new Forward(test(x, gamma, beta, m, v, eps), m, v);
  }

  /** Normalises by given statistics. */
  public static INDArray test(
      INDArray x, INDArray gamma, INDArray beta, INDArray mean, INDArray variance, double eps) {
    Tensor rows = rows(x);
    Tensor scale = Tensor.of(gamma);
    Tensor shift = Tensor.of(beta);
    Tensor m = Tensor.of(mean);
    Tensor v = Tensor.of(variance);
    Tensor out = new Tensor(rows.shape());
    for (int i = 0; i < rows.size(0); i++) {
      for (int d = 0; d < rows.size(1); d++) {
        double normalized = (rows.get(i, d) - m.flat(d)) / Math.sqrt(v.flat(d) + eps);
        out.set(scale.flat(d) * normalized + shift.flat(d), i, d);
      }
    }
    return unrows(out, x);
  }

  /** The running average after a batch: {@code momentum * running + (1 - momentum) * batch}. */
  public static INDArray running(INDArray running, INDArray batch, double momentum) {
    Tensor before = Tensor.of(running);
    Tensor seen = Tensor.of(batch);
    Tensor after = new Tensor(before.shape());
    for (int i = 0; i < after.length(); i++) {
      after.setFlat(momentum * before.flat(i) + (1 - momentum) * seen.flat(i), i);
    }
    return after.toArray();
  }

  /** The gradients of sum(out * dOut) in train mode, one step of the forward pass after another. */
  public static Gradients backward(INDArray dOut, INDArray x, INDArray gamma, double eps) {
    Tensor rows = rows(x);
    Tensor ds = rows(dOut);
    Tensor scale = Tensor.of(gamma);
    Tensor dx = new Tensor(rows.shape());
    Tensor dGamma = new Tensor(rows.size(1));
    Tensor dBeta = new Tensor(rows.size(1));
    int n = rows.size(0);
    for (int d = 0; d < rows.size(1); d++) {
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += rows.get(i, d) / n;
      }
      double variance = 0;
      for (int i = 0; i < n; i++) {
        variance += (rows.get(i, d) - mean) * (rows.get(i, d) - mean) / n;
      }
      double inverse = 1 / Math.sqrt(variance + eps);
      double dInverse = 0;
      for (int i = 0; i < n; i++) {
        double deviation = rows.get(i, d) - mean;
        dBeta.add(ds.get(i, d), d);
        dGamma.add(ds.get(i, d) * deviation * inverse, d);
        dInverse += ds.get(i, d) * scale.flat(d) * deviation;
      }
      double dVariance = dInverse * -0.5 * Math.pow(variance + eps, -1.5);
      double dMean = 0;
      for (int i = 0; i < n; i++) {
        double dDeviation =
            ds.get(i, d) * scale.flat(d) * inverse + dVariance * 2 * (rows.get(i, d) - mean) / n;
        dx.add(dDeviation, i, d);
        dMean -= dDeviation;
      }
      for (int i = 0; i < n; i++) {
        dx.add(dMean / n, i, d);
      }
    }
    return gradients(dx, dGamma, dBeta, x, gamma);
  }

  /**
   * As {@link #backward}, by the formula that the steps reduce to: {@code dx = gamma /
   * sqrt(variance + eps) (dOut - mean(dOut) - xhat mean(dOut xhat))}.
   */
  public static Gradients backwardSimplified(
      INDArray dOut, INDArray x, INDArray gamma, double eps) {
    INDArray ones = gamma.dup().assign(1);
    Forward forward = train(x, ones, gamma.dup().assign(0), eps);
    Tensor normalized = rows(forward.out());
    Tensor variance = Tensor.of(forward.variance());
    Tensor ds = rows(dOut);
    Tensor scale = Tensor.of(gamma);
    Tensor dx = new Tensor(ds.shape());
    Tensor dGamma = new Tensor(ds.size(1));
    Tensor dBeta = new Tensor(ds.size(1));
    int n = ds.size(0);
    for (int d = 0; d < ds.size(1); d++) {
      for (int i = 0; i < n; i++) {
        dBeta.add(ds.get(i, d), d);
        dGamma.add(ds.get(i, d) * normalized.get(i, d), d);
      }
      for (int i = 0; i < n; i++) {
        double centred = ds.get(i, d) - dBeta.get(d) / n - normalized.get(i, d) * dGamma.get(d) / n;
        dx.set(scale.flat(d) / Math.sqrt(variance.flat(d) + eps) * centred, i, d);
      }
    }
    return gradients(dx, dGamma, dBeta, x, gamma);
  }

  private static Gradients gradients(
      Tensor dx, Tensor dGamma, Tensor dBeta, INDArray x, INDArray gamma) {
    return new Gradients(
        unrows(dx, x),
        dGamma.toArray().reshape('c', gamma.shape()),
        dBeta.toArray().reshape('c', gamma.shape()));
  }

  /** Images as N H W rows of C columns; rank 2 as it is. */
  private static Tensor rows(INDArray x) {
    return x.rank() == 2
        ? Tensor.of(x)
        : Tensor.of(x.permute(0, 2, 3, 1)).reshape((int) (x.length() / x.size(1)), (int) x.size(1));
  }

  private static INDArray unrows(Tensor rows, INDArray like) {
    return like.rank() == 2
        ? rows.toArray()
        : rows.toArray()
            .reshape('c', like.size(0), like.size(2), like.size(3), like.size(1))
            .permute(0, 3, 1, 2);
  }
}
