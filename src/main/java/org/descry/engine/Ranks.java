package org.descry.engine;

import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One of those who share the examples of a batch, each on a thread or a machine of its own, as the
 * passes over its shard see it.
 *
 * @param rank of this one, from 0
 * @param examples in its shard
 * @param batch examples in all shards
 * @param wholeBatch whether statistics of a batch are taken over all shards
 * @param keepsState whether it writes what a layer keeps beside what it learns: not where another
 *     one has the same memory
 * @param sum adds up over all of them
 */
public record Ranks(
    int rank, long examples, long batch, boolean wholeBatch, boolean keepsState, Sum sum) {
  private static final ThreadLocal<Ranks> CURRENT = new ThreadLocal<>();

  /** Adds up what the ranks have. */
  @FunctionalInterface
  public interface Sum {
    /**
     * Every rank calls it in the same order, with arrays of one length and type, FLOAT or DOUBLE,
     * whose elements lie one after another; they hold the sums afterwards. Each element is added in
     * the order of the ranks, 0 first, whatever way the numbers take.
     */
    void of(INDArray array);
  }

  /** Of the calling thread; null where a batch is not shared. */
  public static Ranks current() {
    return CURRENT.get();
  }

  /** Does passes over this one's shard. */
  public <T> T during(Supplier<T> passes) {
    CURRENT.set(this);
    try {
      return passes.get();
    } finally {
      CURRENT.remove();
    }
  }

  /** How many rows all shards have together, of something that this one has some rows of. */
  public long rows(long own) {
    return own / examples * batch;
  }

  /** This one's part of the batch. */
  public double share() {
    return (double) examples / batch;
  }
}
