package org.descry.data;

import java.util.SplittableRandom;

/** Random streams that depend on what they are for and not on when or where they are drawn. */
public final class Seeds {
  private Seeds() {}

  /** The generator for {@code parts}, for example a seed, an epoch and an image's index. */
  public static SplittableRandom random(long... parts) {
    long state = 0;
    for (long part : parts) {
      state = new SplittableRandom(state ^ part).nextLong();
    }
    return new SplittableRandom(state);
  }

  /** Shuffles in place (Fisher-Yates). */
  public static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
