package org.descry.generate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws a word from the softmax of its scores. */
final class Sampling {
  /** Words that are never to be chosen score less, see {@link RnnWeights}. */
  private static final double ALLOWED = -Float.MAX_VALUE / 2;

  private Sampling() {}

  static int draw(double[] scores, double temperature, int topK, SplittableRandom random) {
    double threshold =
        topK == 0 || topK >= scores.length ? ALLOWED : Math.max(ALLOWED, kthLargest(scores, topK));
    double max = Arrays.stream(scores).max().orElseThrow();
    double[] cumulative = new double[scores.length];
    double sum = 0;
    for (int word = 0; word < scores.length; word++) {
      sum += scores[word] >= threshold ? Math.exp((scores[word] - max) / temperature) : 0;
      cumulative[word] = sum;
    }
    double drawn = random.nextDouble() * sum;
    for (int word = 0; word < scores.length; word++) {
      if (drawn < cumulative[word]) {
        return word;
      }
    }
    // Only rounding can lead here: the draw was the sum itself.
    return scores.length - 1;
  }

  private static double kthLargest(double[] scores, int k) {
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - k];
  }
}
