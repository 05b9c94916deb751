package org.descry.train.step;

import java.util.function.DoubleSupplier;
import org.descry.replay.Group;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * By what the processes of a group decide when to stop, to end and to write checkpoints: by the
 * clock and the requests of the first of them, so that all do the same after the same step. A
 * process that trains alone decides by its own.
 */
public final class Accord {
  private static final int STOPS = 0;
  private static final int DUE = 1;
  private static final int SECONDS = 2;
  private static final int WORDS = 3;

  private final Group group;
  private final DoubleSupplier time;
  private final INDArray word;

  /**
   * @param group null for a process that trains alone
   * @param time that this process has trained, in seconds
   */
  public Accord(Group group, DoubleSupplier time) {
    this.group = group;
    this.time = time;
    try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      word = group == null ? null : Nd4j.zeros(DataType.DOUBLE, WORDS);
    }
  }

  /**
   * Tells all what the first one says.
   *
   * @param due whether a checkpoint is due by this process's clock
   * @param stoppable whether a request to stop is passed on
   * @return whether one is due for all
   */
  public boolean agree(boolean due, boolean stoppable) {
    if (group == null) {
      return due;
    }
    word.assign(0);
    if (group.rank() == 0) {
      word.putScalar(STOPS, stoppable && group.stops().getAsBoolean() ? 1 : 0);
      word.putScalar(DUE, due ? 1 : 0);
      word.putScalar(SECONDS, time.getAsDouble());
    }
    group.sum().of(word);
    return word.getDouble(DUE) > 0;
  }

  /** Whether all are to stop after this step. */
  public boolean stops() {
    return group != null && word.getDouble(STOPS) > 0;
  }

  /** Of training, as of the last step. */
  public double seconds() {
    return group == null ? time.getAsDouble() : word.getDouble(SECONDS);
  }
}
