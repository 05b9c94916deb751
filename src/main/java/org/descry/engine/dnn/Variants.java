package org.descry.engine.dnn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What was made for the last few combinations of shapes and strides. A combination that oneDNN has
 * nothing fast for is remembered too. Not thread-safe.
 */
final class Variants<T> {
  private static final int KEPT = 8;

  private final List<Variant<T>> variants = new ArrayList<>();

  private record Variant<T>(
      long[][] shapes, long[][] strides, Precision precision, int team, T made) {
    boolean fits(INDArray[] arrays) {
      if (precision != Precision.current()
          || team != Team.size()
          || shapes.length != arrays.length) {
        return false;
      }
      for (int i = 0; i < arrays.length; i++) {
        if (!Arrays.equals(shapes[i], arrays[i].shape())
            || !Arrays.equals(strides[i], arrays[i].stride())) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * @param maker of what suits the arrays; it throws {@link DnnException} where oneDNN does not
   * @return null where ND4J has to do it
   */
  T get(Supplier<T> maker, INDArray... arrays) {
    for (INDArray array : arrays) {
      if (array.dataType() != DataType.FLOAT || array.isEmpty()) {
        return null;
      }
    }
    for (int i = 0; i < variants.size(); i++) {
      Variant<T> variant = variants.get(i);
      if (variant.fits(arrays)) {
        return variant.made;
      }
    }
    T made = make(maker);
    if (variants.size() == KEPT) {
      variants.remove(0);
    }
    variants.add(
        new Variant<>(
            Arrays.stream(arrays).map(a -> a.shape().clone()).toArray(long[][]::new),
            Arrays.stream(arrays).map(a -> a.stride().clone()).toArray(long[][]::new),
            Precision.current(),
            Team.size(),
            made));
    return made;
  }

  private static <T> T make(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (DnnException e) {
      return null;
    }
  }
}
