package org.descry.testing;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Max pooling by definition: {@code out[n,c,i,j]} is the largest {@code x[n, c, i*stride + p,
 * j*stride + q]} over p below the window's height and q below its width.
 *
 * <p>x is N x C x H x W, out is N x C x H' x W' with {@code H' = 1 + (H - height) / stride},
 * rounded down. The gradient of an output goes to the first maximum of its window in row-major
 * order; windows that overlap add up.
 */
public final class ReferenceMaxPool2d {
  private ReferenceMaxPool2d() {}

  /** Returns out, N x C x H' x W'. */
  public static INDArray forward(INDArray x, int height, int width, int stride) {
    Tensor xs = Tensor.of(x);
    Tensor out = output(xs, height, width, stride);
    visit(
        xs,
        out,
        height,
        width,
        stride,
        (n, c, i, j, row, column) -> out.set(xs.get(n, c, row, column), n, c, i, j));
    return out.toArray();
  }

  /** Returns the gradient of sum(out * dOut) with respect to x. */
  public static INDArray backward(INDArray dOut, INDArray x, int height, int width, int stride) {
    Tensor xs = Tensor.of(x);
    Tensor ds = Tensor.of(dOut);
    ds.requireShape(output(xs, height, width, stride).shape());
    Tensor dx = new Tensor(xs.shape());
    visit(
        xs,
        ds,
        height,
        width,
        stride,
        (n, c, i, j, row, column) -> dx.add(ds.get(n, c, i, j), n, c, row, column));
    return dx.toArray();
  }

  /** An output element and the image element that is the first maximum of its window. */
  private interface Maximum {
    void at(int n, int c, int i, int j, int row, int column);
  }

  private static Tensor output(Tensor x, int height, int width, int stride) {
    return new Tensor(
        x.size(0),
        x.size(1),
        ReferenceConv2d.outputSize(x.size(2), height, stride, 0),
        ReferenceConv2d.outputSize(x.size(3), width, stride, 0));
  }

  private static void visit(
      Tensor x, Tensor out, int height, int width, int stride, Maximum maximum) {
    for (int n = 0; n < out.size(0); n++) {
      for (int c = 0; c < out.size(1); c++) {
        for (int i = 0; i < out.size(2); i++) {
          for (int j = 0; j < out.size(3); j++) {
            int bestRow = i * stride;
            int bestColumn = j * stride;
            for (int row = i * stride; row < i * stride + height; row++) {
              for (int column = j * stride; column < j * stride + width; column++) {
                if (x.get(n, c, row, column) > x.get(n, c, bestRow, bestColumn)) {
                  bestRow = row;
                  bestColumn = column;
                }
              }
            }
            maximum.at(n, c, i, j, bestRow, bestColumn);
          }
        }
      }
    }
  }
}
