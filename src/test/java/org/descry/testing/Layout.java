package org.descry.testing;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The ways in which one and the same array may lie in memory. A kernel has to accept them all. */
public enum Layout {
  /** Row-major. */
  C {
    @Override
    public INDArray of(INDArray array) {
      return array.dup('c');
    }
  },
  /** Column-major. */
  F {
    @Override
    public INDArray of(INDArray array) {
      return array.dup('f');
    }
  },
  /**
   * The second dimension innermost in memory: channels-last for images, and for rank 3 N x T x D
   * with time innermost. Rank 2 and below come out column-major, which is the same thing.
   */
  SECOND_LAST {
    @Override
    public INDArray of(INDArray array) {
      return switch (array.rank()) {
        case 4 -> array.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2);
        case 3 -> array.permute(0, 2, 1).dup('c').permute(0, 2, 1);
        default -> array.dup('f');
      };
    }
  },
  /** The second dimension outermost: time-major for sequences. */
  SECOND_FIRST {
    @Override
    public INDArray of(INDArray array) {
      return switch (array.rank()) {
        case 4 -> array.permute(1, 0, 2, 3).dup('c').permute(1, 0, 2, 3);
        case 3 -> array.permute(1, 0, 2).dup('c').permute(1, 0, 2);
        default -> array.dup('f');
      };
    }
  },
  /** A contiguous view that starts inside a larger buffer, as DL4J's parameter views do. */
  OFFSET {
    @Override
    public INDArray of(INDArray array) {
      INDArray buffer = poisoned(array.dataType(), array.length() + 2 * MARGIN);
      INDArray view =
          buffer
              .get(NDArrayIndex.interval(MARGIN, MARGIN + array.length()))
              .reshape('c', array.shape());
      return view.assign(array);
    }
  },
  /** A window into an array that is larger in every dimension: offset, and gaps between rows. */
  WINDOW {
    @Override
    public INDArray of(INDArray array) {
      long[] larger = array.shape().clone();
      INDArrayIndex[] window = new INDArrayIndex[larger.length];
      for (int d = 0; d < larger.length; d++) {
        window[d] = NDArrayIndex.interval(1, 1 + larger[d]);
        larger[d] += 2;
      }
      return poisoned(array.dataType(), larger).get(window).assign(array);
    }
  };

  private static final long MARGIN = 3;

  /** Returns a copy of the array, equal in shape and values, in this layout. */
  public abstract INDArray of(INDArray array);

  /** What lies around a view is NaN, so that a kernel that ignores strides is found out. */
  private static INDArray poisoned(DataType type, long... shape) {
    return Nd4j.create(type, shape).assign(Double.NaN);
  }
}
