package org.descry.kernel;

import org.descry.engine.Scratch;
import org.descry.engine.dnn.Memories;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Between what a caller sees (N x C x H x W, any strides) and what the native operations read
 * fastest.
 */
final class Layout {
  private Layout() {}

  /**
   * The array as N x H x W x C in row-major memory: a view where it lies so already, else a copy in
   * the scratch.
   */
  static INDArray channelsLast(INDArray nchw, Scratch scratch) {
    return rowMajor(nchw.permute(0, 2, 3, 1), scratch);
  }

  /** The N x C x H x W view of an array N x H x W x C. */
  static INDArray channelsFirstView(INDArray nhwc) {
    return nhwc.permute(0, 3, 1, 2);
  }

  /**
   * The steps N x T x D as rows (T N) x D: a view where memory is time-major, else a copy in the
   * scratch.
   */
  static INDArray timeMajorRows(INDArray sequence, Scratch scratch) {
    long rows = sequence.size(0) * sequence.size(1);
    return reshape(rowMajor(sequence.permute(1, 0, 2), scratch), rows, sequence.size(2));
  }

  /** The array itself where its memory is row-major without gaps, else a copy in the scratch. */
  static INDArray rowMajor(INDArray array, Scratch scratch) {
    return Memories.rowMajor(array)
        ? array
        : scratch.get(array.dataType(), array.shape()).assign(array);
  }

  /** The places 0, step, 2 step, ... of a dimension. */
  static INDArrayIndex every(long step, long length) {
    // ND4J refuses an interval whose step is longer than the dimension.
    return length <= step ? NDArrayIndex.interval(0, 1) : NDArrayIndex.interval(0, step, length);
  }

  /** Another shape of a row-major array: a view. */
  static INDArray reshape(INDArray rowMajor, long... shape) {
    return rowMajor.reshape('c', shape);
  }
}
