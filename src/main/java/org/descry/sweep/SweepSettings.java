package org.descry.sweep;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.descry.job.TrainingSettings;
import org.descry.job.schema.FilePath;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.arbiter.TpeSettings;
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
    @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("For strategy tpe alone.")
        TpeSettings tpe,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Size(min = 1, max = 100)
        @JsonPropertyDescription(
            "What candidates have to obey, such as model.hidden <= 4 * model.embedding: sums of"
                + " products of numbers and keys, compared by one of <, <=, >, >=, ==, !=.")
        List<String> require,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Size(min = 1, max = 1000)
        @JsonPropertyDescription(
            "Candidates to try first: each a value for every searched setting that it has.")
        List<Map<String, Object>> enqueue,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @JsonPropertyDescription(
            "The folder of an earlier sweep to learn from, of which those candidates count that"
                + " this search could propose.")
        FilePath from,
    @JsonProperty(defaultValue = "none") @JsonPropertyDescription("Who is ended early.")
        Pruning.Kind pruning,
    @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("When it is decided who is ended early.")
        Rungs rungs,
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
  private static final ObjectMapper JSON = new ObjectMapper();

  public SweepSettings {
    search = Collections.unmodifiableMap(new LinkedHashMap<>(search));
    require = require == null ? null : List.copyOf(require);
    enqueue = enqueue == null ? null : List.copyOf(enqueue);
    if (from != null && !strategy.learns()) {
      throw new IllegalArgumentException(
          "from is given, but strategy %s learns nothing; expected tpe, cma-es or genetic"
              .formatted(strategy));
    }
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

  /** The candidates to try first. */
  List<Map<String, JsonNode>> queue() {
    List<Map<String, JsonNode>> queue = new ArrayList<>();
    for (Map<String, Object> candidate :
        enqueue == null ? List.<Map<String, Object>>of() : enqueue) {
      Map<String, JsonNode> settings = new LinkedHashMap<>();
      // In the order of the file, as the search has them.
      search.keySet().stream()
          .filter(candidate::containsKey)
          .forEach(key -> settings.put(key, JSON.valueToTree(candidate.get(key))));
      candidate.forEach((key, value) -> settings.putIfAbsent(key, JSON.valueToTree(value)));
      queue.add(settings);
    }
    return queue;
  }

  /** When trainings are judged. */
  @JsonClassDescription("When it is decided who is ended early.")
  record Rungs(
      @Min(1)
          @Max(1_000_000)
          @JsonPropertyDescription(
              "After which epoch for the first time; when absent, a ninth of the epochs.")
          Integer first,
      @Min(2)
          @Max(100)
          @JsonProperty(defaultValue = "3")
          @JsonPropertyDescription(
              "With asha and hyperband: one candidate in so many goes on, for that many times the"
                  + " epochs.")
          int factor) {}

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
