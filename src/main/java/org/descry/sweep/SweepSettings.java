package org.descry.sweep;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.descry.engine.Engine;
import org.descry.engine.Memory;
import org.descry.job.TrainingSettings;
import org.descry.job.schema.FilePath;
import org.descry.job.schema.Key;
import org.descry.job.schema.NumberOrWord;
import org.descry.metrics.Metric;
import org.descry.sweep.arbiter.Pruning;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.arbiter.TpeSettings;
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
    @Key(value = "For strategy tpe alone.", standard = "{}") TpeSettings tpe,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            value =
                "What candidates have to obey, such as model.hidden <= 4 * model.embedding: sums of"
                    + " products of numbers and keys, compared by one of <, <=, >, >=, ==, !=. One"
                    + " alone needs no list.",
            range = "[1, 100]")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> require,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            value = "Candidates to try first: each a value for every searched setting that it has.",
            range = "[1, 1000]")
        List<Map<String, Object>> enqueue,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            "The folder of an earlier sweep to learn from, of which those candidates count that"
                + " this search could propose.")
        FilePath from,
    @Key(value = "Who is ended early.", standard = "none") Pruning.Kind pruning,
    @Key(value = "When it is decided who is ended early.", standard = "{}") Rungs rungs,
    @Key(value = "What makes a candidate good.", standard = "{}") ObjectiveSettings objective,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            value =
                "Several objectives in place of one: candidates are ranked by the first, and those"
                    + " are shown than which no other is better in all. Times steer no search.",
            range = "[2, 5]")
        List<ObjectiveSettings> objectives,
    @Key(value = "When to end; a grid ends by itself too.", standard = "{}") Budget budget,
    @Key(
            value =
                "The number of trainings at the same time, each in a process of its own, or auto:"
                    + " as many as have a core for each thread and 2 GB of memory.",
            standard = "1",
            range = "[1, " + Sweep.MOST_WORKERS + "]",
            pattern = AUTO)
        NumberOrWord workers,
    @Key(
            value =
                "Threads of each worker; when absent, workers share the cores, and have one with"
                    + " workers: auto.",
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
  /** As many workers as there is room for. */
  static final String AUTO = "auto";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MEMORY_OF_A_WORKER = 2L << 30;

  public SweepSettings {
    search = Collections.unmodifiableMap(new LinkedHashMap<>(search));
    require = require == null ? null : List.copyOf(require);
    enqueue = enqueue == null ? null : List.copyOf(enqueue);
    objectives = objectives == null ? null : List.copyOf(objectives);
    if (objectives != null) {
      if (objective.metric() != null || objective.goal() != null) {
        throw new IllegalArgumentException(
            "objective and objectives are given, but expected one of them");
      }
      if (strategy == Strategy.GENETIC || strategy == Strategy.CMA_ES) {
        throw new IllegalArgumentException(
            "objectives are given, but strategy %s follows one; expected tpe, random, sobol or grid"
                .formatted(strategy));
      }
    }
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

  /** Threads of each worker on this machine. */
  int threadsOfEach() {
    if (threads != null) {
      return threads;
    }
    return workers.number() == null ? 1 : Math.max(1, Engine.usualThreads() / workers.number());
  }

  /**
   * Trainings at the same time.
   *
   * @param threadsOfEach as the sweep was begun
   */
  int workers(int threadsOfEach) {
    if (workers.number() != null) {
      return workers.number();
    }
    long room =
        Math.min(Engine.usualThreads() / threadsOfEach, Memory.machine() / MEMORY_OF_A_WORKER);
    return (int) Math.max(1, Math.min(Sweep.MOST_WORKERS, room));
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
      @Key(
              value = "After which epoch for the first time; when absent, a ninth of the epochs.",
              range = "[1, 1000000]")
          Integer first,
      @Key(
              value =
                  "With asha and hyperband: one candidate in so many goes on, for that many times"
                      + " the epochs.",
              standard = "3",
              range = "[2, 100]")
          int factor) {}

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
