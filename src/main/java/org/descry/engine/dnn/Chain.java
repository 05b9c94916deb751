package org.descry.engine.dnn;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Operations on the result of another, one after the other, before it is written.
 *
 * @param names in libnd4j
 */
record Chain(List<String> names) {
  private static final Map<String, Integer> JOINING =
      Map.of(
          "add", Binary.ADD,
          "biasadd", Binary.ADD,
          "multiply", Binary.MULTIPLY,
          "subtract", Binary.SUBTRACT);

  /** oneDNN's algorithm that joins two arrays; null where there is none of this name. */
  static Integer joining(String name) {
    return JOINING.get(name);
  }

  boolean known() {
    return names.stream().allMatch(name -> JOINING.containsKey(name) || Function.of(name) != null);
  }

  /**
   * @param arrays of the whole call; those that are joined stand from {@code first} on, and the
   *     result, a matrix or several, is the last
   */
  void append(Attributes to, INDArray[] arrays, int first, Descs descs) {
    int next = first;
    for (String name : names) {
      Function function = Function.of(name);
      if (function == null) {
        to.join(JOINING.get(name), operand(arrays[next++], arrays[arrays.length - 1], descs));
      } else {
        to.apply(function);
      }
    }
  }

  private static long operand(INDArray array, INDArray out, Descs descs) {
    if (array.rank() == 1 && array.length() == out.size(1)) {
      return descs.of(new long[] {1, array.length()}, new long[] {1, array.stride(0)});
    }
    if (out.rank() > 2 && Memories.alike(array, out)) {
      return descs.of(array);
    }
    boolean fits =
        out.rank() == 2 && array.rank() == 2 && (array.size(1) == 1 || array.stride(1) == 1);
    for (int i = 0; fits && i < 2; i++) {
      fits = array.size(i) == 1 || array.size(i) == out.size(i);
    }
    if (!fits) {
      throw DnnException.unsupported();
    }
    return descs.of(array);
  }
}
