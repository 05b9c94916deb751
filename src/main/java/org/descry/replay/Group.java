package org.descry.replay;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.engine.Ranks;

/**
 * The processes that train one network together, as one of them sees it: each does its shard of
 * every batch and the same update.
 *
 * @param rank of this process, from 0
 * @param size how many there are
 * @param sum adds up over all of them
 * @param rounded the same of FLOAT arrays whose numbers are rounded to bfloat16, each before it is
 *     added and their sum
 * @param exchange gives all of them what this one has; returns what each has, by rank
 * @param stops whether this process is asked to stop; all do so at the same step
 */
public record Group(
    int rank,
    int size,
    Ranks.Sum sum,
    Ranks.Sum rounded,
    Function<byte[], List<byte[]>> exchange,
    BooleanSupplier stops) {
  private static final ThreadLocal<Group> CURRENT = new ThreadLocal<>();

  /** That the calling thread trains for; null where it trains alone. */
  public static Group current() {
    return CURRENT.get();
  }

  /** Does a training, or another piece of work, as one of the group. */
  public <T> T during(Supplier<T> work) {
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.remove();
    }
  }
}
