package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Words as unit vectors: {@code out[n,t,v] = 1} where {@code ids[n,t] = v}, else 0.
 *
 * <p>Shapes: ids is N x T (whole numbers in any type), out is N x T x V over time-major memory (T x
 * N x V). Words have no gradient, so there is no backward pass.
 *
 * <p>An instance owns its scratch and is not thread-safe.
 */
public final class OneHot {
  private final int vocabulary;
  private final Scratch indices = new Scratch();

  /**
   * @param vocabulary V, at least 1
   */
  public OneHot(int vocabulary) {
    if (vocabulary < 1) {
      throw new IllegalArgumentException(
          "OneHot: expected a vocabulary of at least 1, got " + vocabulary);
    }
    this.vocabulary = vocabulary;
  }

  /**
   * @param type of the result, FLOAT or DOUBLE
   * @throws IllegalArgumentException for another shape, or a word outside 0 .. V-1
   */
  public INDArray forward(INDArray ids, DataType type, Allocator allocator) {
    Check.shape("OneHot", "ids", ids, -1, -1);
    long n = ids.size(0);
    long t = ids.size(1);
    INDArray timeMajor = indices.get(DataType.INT, t, n).assign(ids.transpose());
    INDArray out = allocator.create(type, t, n, vocabulary).assign(0);
    Elements words = new Elements(timeMajor);
    Elements values = new Elements(out);
    Tape.run(() -> mark(words, t * n, values));
    return out.permute(1, 0, 2);
  }

  private void mark(Elements words, long rows, Elements values) {
    for (long row = 0; row < rows; row++) {
      long word = (long) words.get(row);
      if (word < 0 || word >= vocabulary) {
        throw new IllegalArgumentException(
            "OneHot: expected words from 0 to %s, got %s".formatted(vocabulary - 1, word));
      }
      values.set(row * vocabulary + word, 1);
    }
  }
}
