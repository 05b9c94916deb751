package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Two-dimensional convolution (cross-correlation) by definition, with zeros around the image:
 *
 * <pre>out[n,f,i,j] = b[f] + sum_{c,p,q} x[n, c, i*sH + p - padH, j*sW + q - padW] w[f,c,p,q]</pre>
 *
 * x is N x C x H x W, w is F x C x HH x WW, b is F (or 1 x F); out is N x F x H' x W' with {@code
 * H' = 1 + (H + 2 padH - HH) / sH}, rounded down. Each product of the sum contributes to dx, dw and
 * db what the product rule says.
 */
public final class ReferenceConv2d {
  private ReferenceConv2d() {}

  /** Stride and zero padding, in rows and columns. */
  public record Geometry(int strideHeight, int strideWidth, int padHeight, int padWidth) {
    /** The same stride and padding both ways. */
    public static Geometry square(int stride, int pad) {
      return new Geometry(stride, stride, pad, pad);
    }
  }

  /** As {@link #forward(INDArray, INDArray, INDArray, Geometry)}, square. */
  public static INDArray forward(INDArray x, INDArray w, INDArray b, int stride, int pad) {
    return forward(x, w, b, Geometry.square(stride, pad));
  }

  /** Returns out, N x F x H' x W'. */
  public static INDArray forward(INDArray x, INDArray w, INDArray b, Geometry g) {
    Tensor xs = Tensor.of(x);
    Tensor ws = Tensor.of(w);
    Tensor bs = Tensor.of(b);
    Tensor out =
        new Tensor(
            xs.size(0),
            ws.size(0),
            outputSize(xs.size(2), ws.size(2), g.strideHeight(), g.padHeight()),
            outputSize(xs.size(3), ws.size(3), g.strideWidth(), g.padWidth()));
    for (int n = 0; n < out.size(0); n++) {
      for (int f = 0; f < out.size(1); f++) {
        for (int i = 0; i < out.size(2); i++) {
          for (int j = 0; j < out.size(3); j++) {
            out.set(bs.flat(f), n, f, i, j);
          }
        }
      }
    }
    visit(
        xs,
        ws,
        out,
        g,
        (n, f, i, j, c, p, q, row, column) ->
            out.add(xs.get(n, c, row, column) * ws.get(f, c, p, q), n, f, i, j));
    return out.toArray();
  }

  /** As {@link #backward(INDArray, INDArray, INDArray, INDArray, Geometry)}, square. */
  public static Operands.Gradients backward(
      INDArray dOut, INDArray x, INDArray w, INDArray b, int stride, int pad) {
    return backward(dOut, x, w, b, Geometry.square(stride, pad));
  }

  /** Returns the gradients of sum(out * dOut). */
  public static Operands.Gradients backward(
      INDArray dOut, INDArray x, INDArray w, INDArray b, Geometry g) {
    Tensor ds = Tensor.of(dOut);
    Tensor xs = Tensor.of(x);
    Tensor ws = Tensor.of(w);
    Tensor dx = new Tensor(xs.shape());
    Tensor dw = new Tensor(ws.shape());
    Tensor db = new Tensor(ws.size(0));
    for (int n = 0; n < ds.size(0); n++) {
      for (int f = 0; f < ds.size(1); f++) {
        for (int i = 0; i < ds.size(2); i++) {
          for (int j = 0; j < ds.size(3); j++) {
            db.add(ds.get(n, f, i, j), f);
          }
        }
      }
    }
    visit(
        xs,
        ws,
        ds,
        g,
        (n, f, i, j, c, p, q, row, column) -> {
          dx.add(ds.get(n, f, i, j) * ws.get(f, c, p, q), n, c, row, column);
          dw.add(ds.get(n, f, i, j) * xs.get(n, c, row, column), f, c, p, q);
        });
    return new Operands.Gradients(dx.toArray(), dw.toArray(), db.toArray().reshape('c', b.shape()));
  }

  /** Rows or columns of the output: {@code 1 + (size + 2 pad - window) / stride}, rounded down. */
  public static int outputSize(int size, int window, int stride, int pad) {
    return 1 + (size + 2 * pad - window) / stride;
  }

  /** One product of the sum: output element, filter element, and the image element under it. */
  private interface Term {
    void at(int n, int f, int i, int j, int c, int p, int q, int row, int column);
  }

  private static void visit(Tensor x, Tensor w, Tensor out, Geometry g, Term term) {
    for (int n = 0; n < out.size(0); n++) {
      for (int f = 0; f < out.size(1); f++) {
        for (int i = 0; i < out.size(2); i++) {
          for (int j = 0; j < out.size(3); j++) {
            for (int c = 0; c < x.size(1); c++) {
              for (int p = 0; p < w.size(2); p++) {
                for (int q = 0; q < w.size(3); q++) {
                  int row = i * g.strideHeight() + p - g.padHeight();
                  int column = j * g.strideWidth() + q - g.padWidth();
                  if (row >= 0 && row < x.size(2) && column >= 0 && column < x.size(3)) {
                    term.at(n, f, i, j, c, p, q, row, column);
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
