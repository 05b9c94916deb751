package org.descry.metrics;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known after an epoch: a line of {@code metrics.jsonl}.
 *
 * @param epoch 1 for the first
 * @param iteration steps so far, in all epochs
 * @param learningRate of the epoch's last step; null where it is not known
 * @param trainLoss mean over the examples of the epoch's steps, with the L2 penalty, as the network
 *     learns
 * @param validationLoss mean over the validation part, without the L2 penalty; null after an epoch
 *     without an evaluation
 * @param scores what the kind of job measures, such as {@code validationAccuracy}: on the
 *     validation part, or on a fixed sample of the training part, both after the epoch; empty after
 *     an epoch without an evaluation
 * @param examplesPerSecond training examples, over the time spent in steps; 0, and left out of
 *     JSON, where time is not told
 * @param seconds since the training began, evaluations included; 0 as above
 * @param layers norms by layer, in the order of the names; null where the job does not watch them
 */
@JsonPropertyOrder({"epoch", "iteration"})
public record EpochMetrics(
    int epoch,
    int iteration,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double learningRate,
    double trainLoss,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double validationLoss,
    @JsonAnyGetter @JsonAnySetter Map<String, Double> scores,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) double examplesPerSecond,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) double seconds,
    @JsonInclude(JsonInclude.Include.NON_NULL) Map<String, LayerNorms> layers) {
  /** How the names of scores on the validation part begin. */
  public static final String VALIDATION = "validation";

  /** How the names of scores on the training part begin. */
  public static final String TRAIN = "train";

  public static final Metric TRAIN_LOSS =
      Metric.cost("trainLoss", "mean loss of the epoch's steps, with the L2 penalty");

  public static final Metric VALIDATION_LOSS =
      Metric.cost("validationLoss", "mean loss of the validation part, without the L2 penalty");

  public static final Metric LEARNING_RATE =
      Metric.cost("learningRate", "learning rate of the epoch's last step");

  /** What every job measures after an epoch. */
  public static final List<Metric> LOSSES = List.of(TRAIN_LOSS, VALIDATION_LOSS);

  /** Whether a figure of this name is one of an epoch; others are known at the end alone. */
  public static boolean reports(String metric) {
    return metric.startsWith(VALIDATION) || metric.startsWith(TRAIN);
  }

  public EpochMetrics {
    scores = Collections.unmodifiableMap(new TreeMap<>(scores));
    layers = layers == null ? null : Collections.unmodifiableMap(new TreeMap<>(layers));
  }

  /** Of a job that watches no layers. */
  public EpochMetrics(
      int epoch,
      int iteration,
      Double learningRate,
      double trainLoss,
      Double validationLoss,
      Map<String, Double> scores,
      double examplesPerSecond,
      double seconds) {
    this(
        epoch,
        iteration,
        learningRate,
        trainLoss,
        validationLoss,
        scores,
        examplesPerSecond,
        seconds,
        null);
  }

  /** Whether the network was measured on the validation part. */
  @JsonIgnore
  public boolean evaluated() {
    return validationLoss != null;
  }

  /** What was measured, by name: losses, the learning rate and scores, as far as there are any. */
  public Map<String, Double> figures() {
    Map<String, Double> figures = new TreeMap<>(scores);
    figures.put(TRAIN_LOSS.name(), trainLoss);
    if (evaluated()) {
      figures.put(VALIDATION_LOSS.name(), validationLoss);
    }
    if (learningRate != null) {
      figures.put(LEARNING_RATE.name(), learningRate);
    }
    return figures;
  }

  /** The figure of a name; null where there is none. */
  public Double value(String name) {
    if (name.equals(TRAIN_LOSS.name())) {
      return trainLoss;
    } else if (name.equals(VALIDATION_LOSS.name())) {
      return validationLoss;
    }
    return name.equals(LEARNING_RATE.name()) ? learningRate : scores.get(name);
  }

  /**
   * The same with what an evaluation has measured.
   *
   * @param now seconds since the training began
   */
  public EpochMetrics evaluated(double loss, Map<String, Double> measured, double now) {
    return new EpochMetrics(
        epoch, iteration, learningRate, trainLoss, loss, measured, examplesPerSecond, now, layers);
  }

  /** The same without the times: what a repetition of the training measures again. */
  public EpochMetrics withoutTimes() {
    return new EpochMetrics(
        epoch, iteration, learningRate, trainLoss, validationLoss, scores, 0, 0, layers);
  }

  /** The first of the best epochs by a metric, of those that have it; empty if none has. */
  public static Optional<EpochMetrics> best(List<EpochMetrics> epochs, Metric by) {
    return epochs.stream()
        .filter(epoch -> epoch.value(by.name()) != null)
        .reduce((best, next) -> next.betterThan(best, by) ? next : best);
  }

  /**
   * Whether this epoch's model is to be preferred; between equals, the smaller loss is. Both epochs
   * have been evaluated.
   */
  public boolean betterThan(EpochMetrics other, Metric by) {
    return other == null
        || Comparator.comparing((EpochMetrics m) -> m.value(by.name()), by.goal().bestFirst())
                .thenComparingDouble(EpochMetrics::validationLoss)
                .compare(this, other)
            < 0;
  }
}
