package org.descry.replay;

import java.util.concurrent.Phaser;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Where the threads that share a batch add up small arrays in the middle of their passes. */
final class Meeting {
  private final INDArray[] brought;
  private final Phaser phases;

  Meeting(int size) {
    brought = new INDArray[size];
    phases = new Phaser(size);
  }

  /** What {@link org.descry.engine.Ranks.Sum} says, as one of them. */
  void sum(int rank, INDArray array) {
    brought[rank] = array;
    await();
    for (int other = 1; rank == 0 && other < brought.length; other++) {
      array.addi(brought[other]);
    }
    await();
    if (rank > 0) {
      array.assign(brought[0]);
    }
    await(); // the first one's array is its own again
  }

  /** Waits for all of them. */
  void await() {
    if (phases.arriveAndAwaitAdvance() < 0) {
      throw new BrokenOffException();
    }
  }

  /** One of them has failed: nobody is to wait for it, then or later. */
  void breakOff() {
    phases.forceTermination();
  }

  /** Another one of the shards has failed. */
  static final class BrokenOffException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    BrokenOffException() {
      super("another shard of the batch has failed");
    }
  }
}
