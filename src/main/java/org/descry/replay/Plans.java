package org.descry.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.descry.engine.dnn.Dnn;
import org.descry.engine.tape.Tape;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What was recorded for the last few shapes of batches, the one longest unused first.
 *
 * @param <T> what a recording leaves beside its calls
 */
final class Plans<T> {
  private static final int KEPT = 16;

  private final List<Plan<T>> plans = new ArrayList<>();

  /** A tape, the arrays that it reads and what it leaves. */
  static final class Plan<T> {
    private final FixedArray[][] batch;
    private final boolean direct = Dnn.on();
    private Recording<T> recording;

    private Plan(INDArray[][] batch) {
      this.batch = Arrays.stream(batch).map(FixedArray::like).toArray(FixedArray[][]::new);
    }

    private boolean fits(INDArray[][] other) {
      boolean fits = direct == Dnn.on();
      for (int i = 0; fits && i < batch.length; i++) {
        fits = FixedArray.fit(batch[i], other[i]);
      }
      return fits;
    }

    private void read(INDArray[][] from) {
      for (int i = 0; i < batch.length; i++) {
        FixedArray.copy(from[i], batch[i]);
      }
    }

    void replay(INDArray[]... from) {
      read(from);
      recording.again.run();
    }

    /** The same object after each replay; the arrays in it have new contents. */
    T result() {
      return recording.result;
    }
  }

  /**
   * Work that has been done.
   *
   * @param again does it again
   * @param result what it leaves, the same object each time
   */
  record Recording<T>(Runnable again, T result) {
    static <T> Recording<T> of(Supplier<T> work) {
      List<T> result = new ArrayList<>(1);
      Tape tape = Tape.record(() -> result.add(work.get()));
      return new Recording<>(tape::replay, result.get(0));
    }
  }

  int size() {
    return plans.size();
  }

  void clear() {
    plans.clear();
  }

  /**
   * The plan for batches of these types, shapes and strides; null if there is none.
   *
   * @param batch its groups of arrays; a group may be null, and an array in it
   */
  Plan<T> find(INDArray[]... batch) {
    for (int i = plans.size() - 1; i >= 0; i--) {
      Plan<T> plan = plans.get(i);
      if (plan.fits(batch)) {
        if (i < plans.size() - 1) {
          plans.add(plans.remove(i));
        }
        return plan;
      }
    }
    return null;
  }

  /**
   * Does the work on a copy of the batch, outside of any workspace, and keeps its plan.
   *
   * @param work reads the arrays that it is given, in the batch's groups
   */
  Plan<T> record(Function<INDArray[][], T> work, INDArray[]... batch) {
    return keep(fixed -> Recording.of(() -> work.apply(fixed)), batch);
  }

  /**
   * Keeps the plan of work that records itself, on a copy of the batch, outside of any workspace.
   *
   * @param work reads the arrays that it is given, in the batch's groups
   */
  Plan<T> keep(Function<INDArray[][], Recording<T>> work, INDArray[]... batch) {
    Plan<T> plan = new Plan<>(batch);
    plan.read(batch);
    INDArray[][] fixed =
        Arrays.stream(plan.batch).map(FixedArray::arrays).toArray(INDArray[][]::new);
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      plan.recording = work.apply(fixed);
    }
    if (plans.size() == KEPT) {
      plans.remove(0);
    }
    plans.add(plan);
    return plan;
  }
}
