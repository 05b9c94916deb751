package org.descry.train;

import org.descry.train.step.Batches;

/** Where a training's time goes. */
final class Stopwatch {
  private static final double NANOS = 1e9;

  private final long started = System.nanoTime();
  private double earlier;
  private long fitting;
  private long evaluating;
  private long saving;

  /**
   * Goes on with a training that was interrupted.
   *
   * @param seconds that it had taken
   */
  void goOnAfter(double seconds) {
    earlier = seconds;
  }

  /**
   * @param since when steps began, by {@link System#nanoTime}
   */
  void fitted(long since) {
    fitting += System.nanoTime() - since;
  }

  void evaluated(long since) {
    evaluating += System.nanoTime() - since;
  }

  void saved(long since) {
    saving += System.nanoTime() - since;
  }

  /** Of the whole training, what was before an interruption included; whole milliseconds. */
  double seconds() {
    return earlier + rounded((System.nanoTime() - started) / NANOS);
  }

  /**
   * @param batches which know where the time of steps went
   */
  Summary.Spent spent(Batches batches) {
    long waited = batches.waited();
    return new Summary.Spent(
        rounded((fitting - waited) / NANOS),
        rounded(batches.spent().forward() / NANOS),
        rounded(batches.spent().backward() / NANOS),
        rounded(batches.spent().update() / NANOS),
        rounded(waited / NANOS),
        rounded(evaluating / NANOS),
        rounded(saving / NANOS));
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1e3) / 1e3;
  }
}
