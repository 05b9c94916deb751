package org.descry.sweep;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.descry.job.TrainingSettings;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.SearchSpace;

/** The keys of a sweep file that are not the job's. */
@JsonClassDescription("A search for the best settings of a Descry training job.")
record SweepSettings(
    @NotNull
        @Size(min = 1, max = 100)
        @JsonPropertyDescription(
            "The settings to search: paths of the job's keys, such as"
                + " training.optimizer.learningRate, and where their values come from.")
        Map<String, SearchSpace> search,
    @JsonProperty(defaultValue = "random") @JsonPropertyDescription("How candidates are found.")
        Strategy strategy,
    @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("What makes a candidate good.")
        ObjectiveSettings objective,
    @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("When to end; a grid ends by itself too.")
        Budget budget,
    @Min(1)
        @Max(Sweep.MOST_WORKERS)
        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription("Trainings at the same time, each in a process of its own.")
        int workers,
    @Min(1)
        @Max(1024)
        @JsonPropertyDescription("Threads of each worker; when absent, workers share the cores.")
        Integer threads,
    @Min(1)
        @Max(100)
        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription(
            "Trainings of each candidate, with different seeds; their mean counts.")
        int repeats,
    @Min(0)
        @Max(10)
        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription("How often a training is tried again whose process died.")
        int retries,
    @Min(1)
        @JsonProperty(defaultValue = "8")
        @JsonPropertyDescription("Failed trainings in a row that end the sweep.")
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
      @Size(min = 1)
          @JsonPropertyDescription(
              "A number that the job reports in metrics.jsonl (that of the best epoch) or"
                  + " summary.json; when absent, what training.selectBy says.")
          String metric,
      @JsonPropertyDescription(
              "Which way is better; when absent, less for losses, perplexities and the like.")
          Metric.Goal goal) {}

  /** Limits on the whole sweep. */
  @JsonClassDescription("When to end.")
  record Budget(
      @Min(1) @Max(1_000_000) @JsonPropertyDescription("How many candidates to try.")
          Integer candidates,
      @Pattern(regexp = TrainingSettings.DURATION)
          @JsonPropertyDescription(
              "A time such as 90s, 20m or 1.5h, after which no new candidate is begun.")
          String time) {
    /** The limit on time, if there is one. */
    Optional<Duration> limit() {
      return Optional.ofNullable(time).map(TrainingSettings::duration);
    }
  }
}
