package org.descry.kernel;

import org.descry.engine.Scratch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A persistent time-major buffer T x N x H with a view of each step. A view takes longer to make
 * than a small matrix product to compute, so the views are made once a shape.
 */
final class Steps {
  private final Scratch scratch = new Scratch();
  private INDArray buffer;
  private INDArray[] views;

  /** The buffer T x N x H; its contents are what was last written there. */
  INDArray buffer(DataType type, long t, long n, long h) {
    INDArray current = scratch.get(type, t, n, h);
    if (current != buffer) {
      buffer = current;
      views = new INDArray[(int) t];
      for (int i = 0; i < t; i++) {
        views[i] = buffer.tensorAlongDimension(i, 1, 2);
      }
    }
    return buffer;
  }

  /** Step t of the buffer last asked for, N x H. */
  INDArray step(long t) {
    return views[(int) t];
  }

  /** Fills a step, or another array, with values or, where there are none, with zeros. */
  static void set(INDArray step, INDArray valuesOrNull) {
    if (valuesOrNull == null) {
      step.assign(0);
    } else {
      step.assign(valuesOrNull);
    }
  }

  /** Steps from (inclusive) to (exclusive) of the buffer last asked for, as rows (T N) x H. */
  INDArray rows(long from, long to) {
    INDArray block =
        from == 0 && to == buffer.size(0)
            ? buffer
            : buffer.get(NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all());
    return Layout.reshape(block, (to - from) * buffer.size(1), buffer.size(2));
  }
}
