package org.descry.gradcheck;

import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Float64 arrays from numbers and numbers from arrays, in row-major order; seeded random ones. */
final class Values {
  private final Random random;

  Values(long seed) {
    random = new Random(seed);
  }

  /** An array's elements, whatever its layout. */
  static double[] of(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }

  static INDArray array(double[] values, long... shape) {
    return Nd4j.createFromArray(values).reshape('c', shape);
  }

  /** The sum of the products, elements in row-major order. */
  static double dot(INDArray a, INDArray b) {
    double[] left = of(a);
    double[] right = of(b);
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  INDArray normal(long... shape) {
    return fill(random::nextGaussian, shape);
  }

  /** Whole numbers from 0 to below the bound. */
  INDArray integers(int bound, long... shape) {
    return fill(() -> random.nextInt(bound), shape);
  }

  /** Rows N x K with a single 1. */
  INDArray oneHot(long n, long k) {
    INDArray rows = Nd4j.zeros(DataType.DOUBLE, n, k);
    for (long row = 0; row < n; row++) {
      rows.putScalar(row, random.nextInt((int) k), 1);
    }
    return rows;
  }

  /** Ones and then zeros in each row N x T, at least one 1: sequences of different lengths. */
  INDArray lengths(long n, long t) {
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, n, t);
    for (long row = 0; row < n; row++) {
      int length = 1 + random.nextInt((int) t);
      for (int step = 0; step < length; step++) {
        mask.putScalar(row, step, 1);
      }
    }
    return mask;
  }

  private static INDArray fill(DoubleSupplier values, long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    return array(DoubleStream.generate(values).limit(length).toArray(), shape);
  }
}
