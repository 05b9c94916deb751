package org.descry.data;

import java.util.function.LongSupplier;

/**
 * The time that somebody has waited who looks again and again. What passes while the whole program
 * stands still (Ctrl-Z, a paused container) is not waiting: the others had no time either.
 */
final class Patience {
  /** The longest that is believed between two looks. */
  private static final long LONGEST = 2_000_000_000;

  private final LongSupplier clock;
  private long seen;
  private long waited;

  /**
   * @param clock in nanoseconds
   */
  Patience(LongSupplier clock) {
    this.clock = clock;
    seen = clock.getAsLong();
  }

  /** Nanoseconds since the beginning. */
  long waited() {
    long now = clock.getAsLong();
    waited += Math.min(now - seen, LONGEST);
    seen = now;
    return waited;
  }
}
