package org.descry.engine;

import org.nd4j.linalg.api.rng.Random;

/**
 * Seeds for ND4J's and DL4J's generators, which take 0 for "no seed" and draw one from the clock.
 * Every seed goes through here, so that each number, 0 too, gives one sequence.
 */
public final class Seeding {
  private static final long INSTEAD_OF_ZERO = 0x9E3779B97F4A7C15L;

  private Seeding() {}

  /** The seed itself, or a fixed other one in place of 0. */
  public static long nonZero(long seed) {
    return seed == 0 ? INSTEAD_OF_ZERO : seed;
  }

  /** Starts the generator's sequence anew. */
  public static void reseed(Random random, long seed) {
    random.setSeed(nonZero(seed));
  }
}
