package org.descry.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.engine.Bfloat16;
import org.descry.replay.Group;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Threads in the place of the processes of a group, without any network between them. */
public final class ProcessGroup {
  private final Phaser phases;
  private final INDArray[] brought;
  private final byte[][] told;

  private ProcessGroup(int size) {
    phases = new Phaser(size);
    brought = new INDArray[size];
    told = new byte[size][];
  }

  /** Does the same work as each of them; the results by rank. */
  public static <T> List<T> run(int size, Function<Integer, T> work) throws Exception {
    ProcessGroup all = new ProcessGroup(size);
    ExecutorService threads = Executors.newFixedThreadPool(size);
    try {
      List<Future<T>> each = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        int rank = i;
        Group group =
            new Group(
                rank,
                size,
                a -> all.sum(rank, a),
                a -> all.rounded(rank, a),
                own -> all.exchange(rank, own),
                () -> false);
        Callable<T> task = () -> group.during(() -> all.unbroken(() -> work.apply(rank)));
        each.add(threads.submit(task));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> one : each) {
        results.add(one.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Nobody waits for one that has failed. */
  private <T> T unbroken(Supplier<T> work) {
    boolean done = false;
    try {
      T result = work.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        phases.forceTermination();
      }
    }
  }

  private void sum(int rank, INDArray array) {
    brought[rank] = array;
    await();
    for (int other = 1; rank == 0 && other < brought.length; other++) {
      array.addi(brought[other]);
    }
    await();
    if (rank > 0) {
      array.assign(brought[0]);
    }
    await();
  }

  private void rounded(int rank, INDArray array) {
    Runnable rounding = Bfloat16.rounding(array);
    rounding.run();
    sum(rank, array);
    rounding.run();
  }

  private List<byte[]> exchange(int rank, byte[] own) {
    told[rank] = own;
    await();
    List<byte[]> all = List.of(told);
    await();
    return all;
  }

  private void await() {
    if (phases.arriveAndAwaitAdvance() < 0) {
      throw new IllegalStateException("another one has failed");
    }
  }
}
