package org.descry.train;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.descry.engine.Engine;
import org.descry.io.Versions;
import org.descry.job.Job;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Evaluation;
import org.descry.metrics.Metric;
import org.descry.model.NetworkCosts;
import org.descry.train.step.Fitter;

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
 * @param multiplyAdds of the forward pass of an example; null of a program's own network
 * @param seconds of training, evaluations included
 * @param time where they went
 * @param versions of Descry, DL4J and Java
 * @param seed of the job
 * @param binary build of ND4J's native library
 * @param threads of a native operation
 * @param precision {@code float32}, {@code bfloat16} or {@code bfloat16 (emulated)}: of the
 *     products in a training step
 * @param batchParts in how many shards batches were done at the same time, each with one thread an
 *     operation: as {@code training.split} says, or 2 where halves were faster; else 1
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
    Long multiplyAdds,
    double seconds,
    Spent time,
    Map<String, String> versions,
    long seed,
    String binary,
    int threads,
    String precision,
    int batchParts) {
  /** The metric that is another in every run. */
  public static final String SECONDS = "seconds";

  /** What every summary holds that can be compared. */
  public static final List<Metric> METRICS =
      List.of(
          Metric.cost("parameters", "number of the network's parameters"),
          Metric.cost(
              "multiplyAdds",
              "multiplications with weights that the forward pass of an example takes"),
          Metric.cost(SECONDS, "time of the training, evaluations included"));

  /**
   * Where the time of a training went, in seconds; of one that went on, since it did.
   *
   * @param steps forward, backward, update and what is told of them
   * @param forward of steps, with the losses
   * @param backward of steps
   * @param update of steps
   * @param waiting of steps, for data
   * @param evaluation on the validation part
   * @param saving of checkpoints and models
   */
  public record Spent(
      double steps,
      double forward,
      double backward,
      double update,
      double waiting,
      double evaluation,
      double saving) {
    private static final double MOST_WAITING = 0.05;

    /** In seconds; every job waits for its first batch. */
    private static final double WORTH_A_WORD = 1;

    /** All of it in a line. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "steps %.1f s (forward %.1f s, backward %.1f s, update %.1f s), waiting for data %.1f s,"
              + " evaluation %.1f s, checkpoints and models %.1f s",
          steps,
          forward,
          backward,
          update,
          waiting,
          evaluation,
          saving);
    }

    /** What to do about data that come too slowly; empty if they do not. */
    public Optional<String> advice() {
      double share = waiting / Math.max(1e-9, steps + waiting);
      return share <= MOST_WAITING || waiting < WORTH_A_WORD
          ? Optional.empty()
          : Optional.of(
              String.format(
                  Locale.ROOT,
                  "Steps waited for data %.0f%% of their time, expected at most %.0f%%: give the"
                      + " program another core, or, with images, leave out what is done to"
                      + " each (data.augment).",
                  100 * share,
                  100 * MOST_WAITING));
    }
  }

  /** Of a training that has come to its end. */
  static Summary of(
      Job job, Task task, TrainingLoop.Result result, Evaluation test, boolean fastDevRun) {
    EpochMetrics chosen = result.best();
    Engine.Choice engine = Engine.start();
    return new Summary(
        job.name(),
        test,
        chosen.epoch(),
        chosen.validationLoss(),
        chosen.scores(),
        result.epochs().size(),
        fastDevRun ? "fastDevRun" : result.ended(),
        task.network().params().length(),
        multiplyAdds(task),
        result.seconds(),
        result.spent(),
        Versions.all(),
        job.seed(),
        engine.binary(),
        engine.threads(),
        Fitter.precision(job.training()).described(),
        result.batchParts());
  }

  private static Long multiplyAdds(Task task) {
    return task.model() == null
        ? null
        : NetworkCosts.multiplyAdds(task.network().getConfiguration(), task.model().inputTypes());
  }

  /** What the evaluation says in short. */
  @JsonUnwrapped
  @JsonProperty
  public Object results() {
    return evaluation.summary();
  }
}
