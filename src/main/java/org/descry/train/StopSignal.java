package org.descry.train;

import java.util.Optional;
import java.util.function.Supplier;

/** A request to end, from another thread. */
final class StopSignal {
  private volatile boolean asked;
  private Thread breakable;

  /** Asks; what can be broken off is. */
  synchronized void ask() {
    asked = true;
    if (breakable != null) {
      breakable.interrupt();
    }
  }

  boolean asked() {
    return asked;
  }

  /**
   * Does what a request breaks off at its next wait for a batch: an evaluation. Nothing that writes
   * files: an interrupt closes them.
   *
   * @return empty if it was broken off
   */
  <T> Optional<T> attempt(Supplier<T> work) {
    synchronized (this) {
      if (asked) {
        return Optional.empty();
      }
      breakable = Thread.currentThread();
    }
    try {
      return Optional.of(work.get());
    } catch (RuntimeException e) {
      if (asked) {
        return Optional.empty();
      }
      throw e;
    } finally {
      synchronized (this) {
        breakable = null;
        if (asked) {
          Thread.interrupted(); // it was ours
        }
      }
    }
  }
}
