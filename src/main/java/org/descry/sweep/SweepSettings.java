package org.descry.sweep;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.descry.job.TrainingSettings;
import org.descry.job.schema.Key;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.SearchSpace;

/** The keys of a sweep file that are not the job's. */
@JsonClassDescription("A search for the best settings of a Descry training job.")
record SweepSettings(
    @Key(
            value =
                "The settings to search: paths of the job's keys, such as"
                    + " training.optimizer.learningRate, and where their values come from.",
            range = "[1, 100]",
            required = true)
        Map<String, SearchSpace> search,
    @Key(value = "How candidates are found.", standard = "random") Strategy strategy,
    @Key(value = "What makes a candidate good.", standard = "{}") ObjectiveSettings objective,
    @Key(value = "When to end; a grid ends by itself too.", standard = "{}") Budget budget,
    @Key(
            value = "Trainings at the same time, each in a process of its own.",
            standard = "1",
            range = "[1, " + Sweep.MOST_WORKERS + "]")
        int workers,
    @Key(
            value = "Threads of each worker; when absent, workers share the cores.",
            range = "[1, 1024]")
        Integer threads,
    @Key(
            value = "Trainings of each candidate, with different seeds; their mean counts.",
            standard = "1",
            range = "[1, 100]")
        int repeats,
    @Key(
            value = "How often a training is tried again whose process died.",
            standard = "1",
            range = "[0, 10]")
        int retries,
    @Key(
            value = "Failed trainings in a row that end the sweep.",
            standard = "8",
            range = "[1, inf)")
        int maxFailures) {

  public SweepSettings {
    search = Collections.unmodifiableMap(new LinkedHashMap<>(search));
    if (strategy == Strategy.GRID) {
      search.forEach(
          (key, space) -> {
            if (space.needsPoints()) {
              throw new IllegalArgumentException(
                  ("search.%s has a continuum of values, but expected points, such as points: 5,"
                          + " with strategy grid")
                      .formatted(key));
            }
          });
    } else if (budget.candidates() == null && budget.time() == null) {
      throw new IllegalArgumentException(
          "budget is empty, but expected candidates, time or both, such as budget: {candidates:"
              + " 20}");
    }
  }

  /** What a candidate is judged by. */
  @JsonClassDescription("What makes a candidate good.")
  record ObjectiveSettings(
      @Key(
              value =
                  "A number that the job reports in metrics.jsonl (that of the best epoch) or"
                      + " summary.json; when absent, what training.selectBy says.",
              range = "[1, inf)")
          String metric,
      @Key("Which way is better; when absent, less for losses, perplexities and the like.")
          Metric.Goal goal) {}

  /** Limits on the whole sweep. */
  @JsonClassDescription("When to end.")
  record Budget(
      @Key(value = "How many candidates to try.", range = "[1, 1000000]") Integer candidates,
      @Key(
              value = "A time such as 90s, 20m or 1.5h, after which no new candidate is begun.",
              pattern = TrainingSettings.DURATION)
          String time) {
    /** The limit on time, if there is one. */
    Optional<Duration> limit() {
      return Optional.ofNullable(time).map(TrainingSettings::duration);
    }
  }
}
