package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Word embedding by definition: {@code out[n,t,:] = W[words[n,t],:]}; words is N x T of indices
 * below V, W is V x D, out is N x T x D. Backward, {@code dW[v,:]} is the sum of dOut wherever word
 * v stands.
 */
public final class ReferenceEmbedding {
  private ReferenceEmbedding() {}

  /** Returns out, N x T x D. */
  public static INDArray forward(INDArray words, INDArray w) {
    Tensor ids = Tensor.of(words);
    Tensor table = Tensor.of(w);
    Tensor out = new Tensor(ids.size(0), ids.size(1), table.size(1));
    for (int n = 0; n < out.size(0); n++) {
      for (int t = 0; t < out.size(1); t++) {
        for (int d = 0; d < out.size(2); d++) {
          out.set(table.get((int) ids.get(n, t), d), n, t, d);
        }
      }
    }
    return out.toArray();
  }

  /** Returns dW, V x D. */
  public static INDArray backward(INDArray dOut, INDArray words, INDArray w) {
    Tensor ids = Tensor.of(words);
    Tensor ds = Tensor.of(dOut);
    Tensor dw = new Tensor((int) w.size(0), (int) w.size(1));
    for (int n = 0; n < ds.size(0); n++) {
      for (int t = 0; t < ds.size(1); t++) {
        for (int d = 0; d < ds.size(2); d++) {
          dw.add(ds.get(n, t, d), (int) ids.get(n, t), d);
        }
      }
    }
    return dw.toArray();
  }
}
