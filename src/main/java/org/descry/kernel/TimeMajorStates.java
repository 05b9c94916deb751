package org.descry.kernel;

import org.descry.engine.Allocator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * States as PyTorch has them, one array (L K) x N x H for h and one for c, and as {@link
 * StackedRnn} has them, N x (L K S H), cell by cell.
 *
 * @param cells L K
 * @param states S
 */
public record TimeMajorStates(int cells, int states, long n, long hidden) {
  /** L K S H. */
  public long width() {
    return cells * states * hidden;
  }

  /**
   * PyTorch's arrays as one.
   *
   * @param parts S arrays (L K) x N x H, or null for zeros
   * @throws IllegalArgumentException for other shapes or more arrays
   */
  public INDArray joined(Allocator allocator, DataType type, INDArray... parts) {
    INDArray all = allocator.create(type, n, width());
    for (int i = 0; i < parts.length; i++) {
      if (i >= states && parts[i] != null) {
        throw new IllegalArgumentException(
            "TimeMajorRnn: expected cells whose state is h alone without c, got c");
      }
      if (i >= states) {
        continue;
      }
      INDArray part = part(all, i);
      if (parts[i] == null) {
        part.assign(0);
      } else {
        Check.shape("TimeMajorRnn", i == 0 ? "h0 and hN" : "c0 and cN", parts[i], cells, n, hidden);
        part.assign(parts[i]);
      }
    }
    return all;
  }

  /** One of PyTorch's arrays, (L K) x N x H, as a view. */
  public INDArray part(INDArray all, int which) {
    return all.reshape('c', n, cells, states, hidden)
        .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(which), NDArrayIndex.all())
        .permute(1, 0, 2);
  }
}
