package org.descry.train;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import org.descry.metrics.Evaluation;
import org.descry.metrics.Metric;

/**
 * The results of a finished job: {@code summary.json}.
 *
 * @param name of the job
 * @param evaluation of the best model on the test part
 * @param bestEpoch the epoch that the best model is from
 * @param validationLoss of that epoch
 * @param scores of that epoch, such as {@code validationAccuracy}
 * @param epochs that were trained
 * @param ended why training ended: {@code epochs}, {@code maxTime} or {@code fastDevRun}
 * @param parameters of the network
 * @param seconds of training, evaluations included
 * @param versions of Descry, DL4J and Java
 * @param seed of the job
 * @param binary build of ND4J's native library
 * @param threads of a native operation
 */
@JsonPropertyOrder({"name", "results"})
public record Summary(
    String name,
    @JsonIgnore Evaluation evaluation,
    int bestEpoch,
    double validationLoss,
    @JsonAnyGetter Map<String, Double> scores,
    int epochs,
    String ended,
    long parameters,
    double seconds,
    Map<String, String> versions,
    long seed,
    String binary,
    int threads) {
  /** What every summary holds that can be compared. */
  public static final List<Metric> METRICS =
      List.of(
          Metric.cost("parameters", "number of the network's parameters"),
          Metric.cost("seconds", "time of the training, evaluations included"));

  /** What the evaluation says in short. */
  @JsonUnwrapped
  @JsonProperty
  public Object results() {
    return evaluation.summary();
  }
}
