package org.descry.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.engine.Bfloat16;
import org.descry.testing.Together;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Threads in the place of the processes of a group, without any network between them. */
public final class ProcessGroup {
  private final Meeting meeting;
  private final byte[][] told;

  private ProcessGroup(int size) {
    meeting = new Meeting(size);
    told = new byte[size][];
  }

  /** Does the same work as each of them; the results by rank. */
  public static <T> List<T> run(int size, Function<Integer, T> work) throws Exception {
    ProcessGroup all = new ProcessGroup(size);
    List<Callable<T>> tasks = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int rank = i;
      Group group =
          new Group(
              rank,
              size,
              a -> all.meeting.sum(rank, a),
              a -> all.rounded(rank, a),
              own -> all.exchange(rank, own),
              () -> false);
      tasks.add(() -> group.during(() -> all.unbroken(() -> work.apply(rank))));
    }
    return Together.run(tasks);
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
        meeting.breakOff();
      }
    }
  }

  private void rounded(int rank, INDArray array) {
    Runnable rounding = Bfloat16.rounding(array);
    rounding.run();
    meeting.sum(rank, array);
    rounding.run();
  }

  private List<byte[]> exchange(int rank, byte[] own) {
    told[rank] = own;
    meeting.await();
    List<byte[]> all = List.of(told);
    meeting.await();
    return all;
  }
}
