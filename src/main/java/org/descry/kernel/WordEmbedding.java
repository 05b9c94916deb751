package org.descry.kernel;

import org.descry.engine.Allocator;
import org.descry.engine.NativeOp;
import org.descry.engine.Scratch;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks words up: {@code out[n,t] = W[ids[n,t]]}.
 *
 * <p>Shapes: ids is N x T (whole numbers in any type, fastest over time-major memory), W is V x D,
 * out is N x T x D over time-major memory (T x N x D).
 *
 * <p>Backward: {@code dW[v]} is the sum of dOut over all places where word v stands. Words have no
 * gradient.
 *
 * <p>An instance owns its scratch and is not thread-safe; a cache holds until the next forward
 * pass.
 */
public final class WordEmbedding {
  private final NativeOp gather = new NativeOp("gather", 0);
  private final Scratch indices = new Scratch();
  private final Scratch outputGradient = new Scratch();

  /** What the backward pass needs; {@code ids} is the words as T N integers. */
  public record Cache(INDArray ids, INDArray out) {}

  /**
   * @throws IllegalArgumentException for other shapes, or a word outside 0 .. V-1
   */
  public Cache forward(INDArray ids, INDArray w, Allocator allocator) {
    Check.shape("WordEmbedding", "ids", ids, -1, -1);
    Check.shape("WordEmbedding", "W", w, -1, -1);
    Check.type("WordEmbedding", w);
    long n = ids.size(0);
    long t = ids.size(1);
    INDArray timeMajor = indices.get(DataType.INT, t, n);
    timeMajor.assign(ids.transpose());
    INDArray flat = Layout.reshape(timeMajor, t * n);
    Elements words = new Elements(flat);
    Tape.run(() -> checkRange(words, t * n, w.size(0)));
    INDArray out = allocator.create(w.dataType(), t, n, w.size(1));
    gather.in(w, flat).out(Layout.reshape(out, t * n, w.size(1))).run();
    return new Cache(flat, out.permute(1, 0, 2));
  }

  /** The native operation would read past the table. */
  private static void checkRange(Elements ids, long length, long words) {
    for (long i = 0; i < length; i++) {
      double id = ids.get(i);
      if (id < 0 || id >= words) {
        throw new IllegalArgumentException(
            "WordEmbedding: expected words from 0 to %s, got %s".formatted(words - 1, (long) id));
      }
    }
  }

  /** Writes the table's gradient into {@code dW}. */
  public void backward(INDArray dOut, Cache cache, INDArray dW) {
    Check.shape("WordEmbedding", "dOut", dOut, cache.out.shape());
    dW.assign(0);
    INDArray rows = Layout.timeMajorRows(dOut, outputGradient);
    Elements words = new Elements(cache.ids);
    RowAdder adder = new RowAdder(rows, dW);
    long count = rows.size(0);
    Tape.run(
        () -> {
          for (long row = 0; row < count; row++) {
            adder.add(row, (long) words.get(row));
          }
        });
  }
}
