package org.descry.kernel;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The elements of an array in its memory's order, one by one, without an object for each access as
 * JavaCPP's own indexers of unknown type make. Types: FLOAT, DOUBLE or INT.
 */
final class Elements {
  private final FloatIndexer floats;
  private final DoubleIndexer doubles;
  private final IntIndexer integers;

  /**
   * @param array one without gaps in memory, of its own or a view
   */
  Elements(INDArray array) {
    Indexer indexer = array.data().indexer();
    floats = indexer instanceof FloatIndexer of ? of : null;
    doubles = indexer instanceof DoubleIndexer of ? of : null;
    integers = indexer instanceof IntIndexer of ? of : null;
    if (floats == null && doubles == null && integers == null) {
      throw new IllegalArgumentException(
          "expected elements of type FLOAT, DOUBLE or INT, got " + array.dataType());
    }
  }

  double get(long i) {
    return floats != null ? floats.get(i) : doubles != null ? doubles.get(i) : integers.get(i);
  }

  void set(long i, double value) {
    if (floats != null) {
      floats.put(i, (float) value);
    } else if (doubles != null) {
      doubles.put(i, value);
    } else {
      integers.put(i, (int) value);
    }
  }
}
