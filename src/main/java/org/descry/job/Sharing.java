package org.descry.job;

import org.descry.job.TrainingSettings.BatchNormOver;
import org.descry.job.TrainingSettings.Precision;

/** How the shards of a batch work together, see {@link TrainingSettings}. */
record Sharing(int split, BatchNormOver batchNormOver, Precision gradients, int averageEvery) {
  /**
   * @param slow setting of weights that follow every step; null for none
   * @param rateChanges whether the learning rate may change after an epoch
   * @throws IllegalArgumentException if they cannot
   */
  void check(int batchSize, String slow, boolean rateChanges) {
    if (averageEvery > 1) {
      requireOneRound(split == 1, "with a split of 1");
      requireOneRound(
          rateChanges,
          "where the rate is changed after an epoch (the schedules plateau and halving,"
              + " onDivergence)");
      requireOneRound(
          slow != null, "with %s, whose slow weights follow every step".formatted(slow));
    }
    if (gradients == Precision.BFLOAT16 && (split == 1 || averageEvery > 1)) {
      throw new IllegalArgumentException(
          "gradients is bfloat16, but expected float32 %s"
              .formatted(
                  split == 1
                      ? "with a split of 1"
                      : "with an averageEvery of %s, whose shards add up no gradients"
                          .formatted(averageEvery)));
    }
    boolean apart = batchNormOver == BatchNormOver.SHARD || averageEvery > 1;
    int most = batchSize / (apart ? 2 : 1);
    if (split > 1 && split > most) {
      throw new IllegalArgumentException(
          "split is %s, but expected at most %s with a batchSize of %s%s"
              .formatted(split, most, batchSize, apart ? " and " + why() : ""));
    }
  }

  private String why() {
    return averageEvery > 1 ? "averageEvery: " + averageEvery : "batchNormOver: shard";
  }

  private void requireOneRound(boolean refused, String where) {
    if (refused) {
      throw new IllegalArgumentException(
          "averageEvery is %s, but expected 1 %s".formatted(averageEvery, where));
    }
  }
}
