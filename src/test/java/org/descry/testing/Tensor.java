package org.descry.testing;

import java.util.Arrays;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float64 array in row-major order with nothing but element access: what the references compute
 * on, so that they depend on no operation of the engine that they are to judge.
 */
final class Tensor {
  private final int[] shape;
  private final double[] data;

  Tensor(int... shape) {
    this.shape = shape.clone();
    this.data = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
  }

  /** Copies an array of any type and any strides. */
  static Tensor of(INDArray array) {
    Tensor tensor = new Tensor(Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray());
    long[] index = new long[array.rank()];
    for (int i = 0; i < tensor.data.length; i++) {
      // Explicit indices are right for every layout, also for views with an offset.
      tensor.data[i] = index.length == 0 ? array.getDouble(0) : array.getDouble(index);
      next(index, array.shape());
    }
    return tensor;
  }

  /** Moves an index on by one element in row-major order; after the last it wraps to the first. */
  static void next(long[] index, long[] shape) {
    for (int d = index.length - 1; d >= 0; d--) {
      if (++index[d] < shape[d]) {
        return;
      }
      index[d] = 0;
    }
  }

  /** The same values in an ND4J float64 array. */
  INDArray toArray() {
    return Nd4j.create(data.clone(), Arrays.stream(shape).asLongStream().toArray(), DataType.DOUBLE)
        .reshape('c', Arrays.stream(shape).asLongStream().toArray());
  }

  /** The same values seen in another shape. */
  Tensor reshape(int... newShape) {
    Tensor tensor = new Tensor(newShape);
    if (tensor.data.length != data.length) {
      throw new IllegalArgumentException(
          "expected " + data.length + " elements, got: " + Arrays.toString(newShape));
    }
    System.arraycopy(data, 0, tensor.data, 0, data.length);
    return tensor;
  }

  int[] shape() {
    return shape.clone();
  }

  int size(int dimension) {
    return shape[dimension];
  }

  int rank() {
    return shape.length;
  }

  int length() {
    return data.length;
  }

  double get(int... index) {
    return data[offset(index)];
  }

  void set(double value, int... index) {
    data[offset(index)] = value;
  }

  void add(double value, int... index) {
    data[offset(index)] += value;
  }

  double flat(int i) {
    return data[i];
  }

  void setFlat(double value, int i) {
    data[i] = value;
  }

  void requireShape(int... expected) {
    if (!Arrays.equals(shape, expected)) {
      throw new IllegalArgumentException(
          "expected shape " + Arrays.toString(expected) + ", got: " + Arrays.toString(shape));
    }
  }

  private int offset(int... index) {
    if (index.length != shape.length) {
      throw new IllegalArgumentException(
          "expected " + shape.length + " indices, got: " + index.length);
    }
    int offset = 0;
    for (int d = 0; d < shape.length; d++) {
      offset = offset * shape[d] + Objects.checkIndex(index[d], shape[d]);
    }
    return offset;
  }
}
