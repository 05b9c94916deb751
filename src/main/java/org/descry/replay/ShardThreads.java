package org.descry.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.descry.engine.IdleThreads;
import org.descry.engine.dnn.Team;

/** Threads that do the shards of a batch at the same time, the first of them by who asks. */
public final class ShardThreads {
  private final int shards;
  private final ExecutorService others;

  /**
   * @param shards at least 1
   */
  public ShardThreads(int shards) {
    this.shards = shards;
    others = shards == 1 ? null : IdleThreads.of(shards - 1, "descry-shard");
  }

  /**
   * Does something with each shard, alone on its thread, and waits for all: nothing is at work when
   * a failure is told.
   *
   * @param work by the shard's number
   */
  public <T> List<T> all(IntFunction<T> work) {
    List<CompletableFuture<T>> under =
        IntStream.range(1, shards)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> Team.alone(() -> work.apply(i)), others))
            .toList();
    List<T> results = new ArrayList<>();
    Throwable failure = null;
    try {
      results.add(Team.alone(() -> work.apply(0)));
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (CompletableFuture<T> other : under) {
      try {
        results.add(other.join());
      } catch (CompletionException e) {
        if (failure == null || failure instanceof Meeting.BrokenOffException) {
          failure = e.getCause();
        }
      }
    }
    if (failure instanceof Error error) {
      throw error;
    } else if (failure != null) {
      throw (RuntimeException) failure; // a Supplier throws no others
    }
    return results;
  }
}
