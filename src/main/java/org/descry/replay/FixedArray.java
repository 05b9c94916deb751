package org.descry.replay;

import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.descry.engine.Allocator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A place in memory that a plan reads, into which each batch's array is copied. */
final class FixedArray {
  private final INDArray array;
  private final long[] strides;
  private final Pointer to;
  private final long bytes;
  private final boolean dense;

  private FixedArray(INDArray like) {
    strides = like.stride().clone();
    long last = 0;
    for (int i = 0; i < like.rank(); i++) {
      last += (like.size(i) - 1) * like.stride(i);
    }
    dense = last + 1 == like.length();
    INDArray memory = Allocator.DETACHED.create(like.dataType(), like.length());
    array =
        dense
            ? Nd4j.create(memory.data(), like.shape().clone(), strides, 0, like.ordering())
            : memory.reshape('c', like.shape());
    to = memory.data().pointer();
    bytes = like.length() * like.data().getElementSize();
  }

  /** A place for what is like this array; null for null. */
  static FixedArray like(INDArray array) {
    return array == null ? null : new FixedArray(array);
  }

  static FixedArray[] like(INDArray[] arrays) {
    return arrays == null
        ? null
        : Arrays.stream(arrays).map(FixedArray::like).toArray(FixedArray[]::new);
  }

  static INDArray[] arrays(FixedArray[] fixed) {
    return fixed == null
        ? null
        : Arrays.stream(fixed).map(of -> of == null ? null : of.array).toArray(INDArray[]::new);
  }

  /** Whether the arrays have the types, shapes and strides of these. */
  static boolean fit(FixedArray[] fixed, INDArray[] arrays) {
    if (fixed == null || arrays == null) {
      return fixed == null && arrays == null;
    }
    if (fixed.length != arrays.length) {
      return false;
    }
    for (int i = 0; i < fixed.length; i++) {
      if (fixed[i] == null || arrays[i] == null) {
        if (fixed[i] != null || arrays[i] != null) {
          return false;
        }
      } else if (!fixed[i].fits(arrays[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(INDArray other) {
    return array.dataType() == other.dataType()
        && Arrays.equals(array.shape(), other.shape())
        && Arrays.equals(strides, other.stride());
  }

  static void copy(INDArray[] from, FixedArray[] into) {
    if (into != null) {
      for (int i = 0; i < into.length; i++) {
        if (into[i] != null) {
          into[i].copy(from[i]);
        }
      }
    }
  }

  private void copy(INDArray from) {
    if (dense && from.offset() == 0) {
      Pointer.memcpy(to, from.data().pointer(), bytes);
    } else {
      array.assign(from);
    }
  }
}
