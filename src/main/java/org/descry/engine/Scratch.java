package org.descry.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A buffer that outlives the call: one array a shape and type, made at first use. It remembers the
 * last few shapes, since a last, smaller batch must not make every epoch allocate anew. Not
 * thread-safe.
 */
public final class Scratch {
  private static final int SHAPES_KEPT = 4;

  private record Key(DataType type, int hash, long[] shape) {
    static Key of(DataType type, long[] shape) {
      return new Key(type, Arrays.hashCode(shape), shape);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.type == type && Arrays.equals(key.shape, shape);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Map<Key, INDArray> arrays = new LinkedHashMap<>(8, 0.75f, true);
  private Key lastKey;
  private INDArray last;

  /** The buffer of this shape in row-major order; what it holds is what was last written there. */
  public INDArray get(DataType type, long... shape) {
    Key key = Key.of(type, shape);
    if (!key.equals(lastKey)) {
      last = arrays.computeIfAbsent(key, k -> Allocator.DETACHED.create(type, shape));
      lastKey = key;
      if (arrays.size() > SHAPES_KEPT) {
        arrays.remove(arrays.keySet().iterator().next());
      }
    }
    return last;
  }
}
