package org.descry.train;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What is known after an epoch: a line of {@code metrics.jsonl}.
 *
 * @param epoch 1 for the first
 * @param iteration steps so far, in all epochs
 * @param trainLoss mean over the epoch's steps, with the L2 penalty, on augmented pictures, as the
 *     network learns
 * @param trainAccuracy share of right answers on a fixed sample of the training part, as they are,
 *     after the epoch; so it compares with {@code validationAccuracy}
 * @param validationLoss mean over the validation part, without the L2 penalty
 * @param validationAccuracy share of right answers on the validation part
 * @param examplesPerSecond training examples, over the time spent in steps
 * @param seconds since the training began, evaluations included
 */
@JsonPropertyOrder({"epoch", "iteration"})
public record EpochMetrics(
    int epoch,
    int iteration,
    double trainLoss,
    double trainAccuracy,
    double validationLoss,
    double validationAccuracy,
    double examplesPerSecond,
    double seconds) {

  /** Whether this epoch's model is to be preferred: more right answers, then the smaller loss. */
  boolean betterThan(EpochMetrics other) {
    return other == null
        || validationAccuracy > other.validationAccuracy
        || (validationAccuracy == other.validationAccuracy
            && validationLoss < other.validationLoss);
  }
}
