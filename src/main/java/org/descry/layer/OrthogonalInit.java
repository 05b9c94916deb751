package org.descry.layer;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Orthogonal weights (Saxe et al., 2014): the first dimension by all others as a matrix whose rows,
 * or columns where there are fewer of them, are orthonormal; drawn by Gram and Schmidt's method
 * from a normal distribution.
 */
public final class OrthogonalInit implements IWeightInit {
  @Override
  public INDArray init(double fanIn, double fanOut, long[] shape, char order, INDArray paramView) {
    int rows = (int) shape[0];
    int columns = Math.toIntExact(paramView.length() / rows);
    boolean wide = columns >= rows;
    double[][] vectors =
        Nd4j.randn(DataType.DOUBLE, Math.min(rows, columns), Math.max(rows, columns))
            .toDoubleMatrix();
    orthonormalize(vectors);
    INDArray matrix = Nd4j.createFromArray(vectors);
    INDArray weights = paramView.reshape(order, shape);
    weights.assign((wide ? matrix : matrix.transpose()).dup('c').reshape('c', shape));
    return weights;
  }

  private static void orthonormalize(double[][] vectors) {
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < i; j++) {
        addTo(vectors[i], vectors[j], -dot(vectors[i], vectors[j]));
      }
      double length = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int k = 0; k < vectors[i].length; k++) {
        vectors[i][k] /= length;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static void addTo(double[] to, double[] vector, double factor) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * vector[k];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OrthogonalInit;
  }

  @Override
  public int hashCode() {
    return OrthogonalInit.class.hashCode();
  }
}
