package org.descry.sweep.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.descry.io.EndingFiles;
import org.descry.io.Json;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Objective;
import org.descry.sweep.trial.Trial;

/**
 * {@code results.json}: all results of a sweep. A number that there is not (the score of a
 * candidate that failed, a loss that is NaN) is null.
 *
 * @param name of the sweep
 * @param strategy {@code random}, {@code grid} or {@code genetic}
 * @param objective what was optimised
 * @param objectives all that was optimised, where there are several
 * @param front numbers of the candidates on the Pareto front, where there are several objectives
 * @param seconds from the start to the end, over all runs
 * @param dimensions the searched settings
 * @param importance what each of them has to do with the ranking
 * @param candidates best first, those without a score last
 */
record ResultsJson(
    String name,
    String strategy,
    Goal objective,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Goal> objectives,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> front,
    double seconds,
    List<Setting> dimensions,
    Importance importance,
    List<Ranked> candidates) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new FiniteOrNull())
                  .addSerializer(Double.class, new FiniteOrNull()))
          .build();

  /**
   * What was optimised.
   *
   * @param goal {@code minimize} or {@code maximize}
   */
  record Goal(String metric, String goal) {}

  /**
   * A searched setting.
   *
   * @param kind as the sweep file has it, such as {@code logUniform}
   */
  record Setting(String key, String kind) {}

  /**
   * A candidate.
   *
   * @param rank from 1; null without a score
   * @param number from 0, in the order of the search
   * @param score mean over the trials that succeeded
   * @param spread standard deviation of their scores
   * @param status {@code done}, {@code failed}, {@code partly failed} or {@code not run}
   * @param settings key path to value
   */
  record Ranked(
      Integer rank,
      int number,
      double score,
      double spread,
      double seconds,
      String status,
      Map<String, JsonNode> settings,
      List<Run> trials) {}

  /**
   * A training.
   *
   * @param measures further objectives
   * @param failure why it failed; null if it did not
   * @param folder the run folder, from the sweep's folder
   * @param epochs the lines of {@code metrics.jsonl}
   */
  record Run(
      int repeat,
      long seed,
      double score,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> measures,
      double seconds,
      String failure,
      String folder,
      List<EpochMetrics> epochs) {}

  static ResultsJson of(
      SweepResults results, List<RankedCandidate> ranking, Importance importance, Path folder) {
    boolean several = !results.further().isEmpty();
    List<Goal> goals = results.objectives().stream().map(ResultsJson::goal).toList();
    return new ResultsJson(
        results.name(),
        results.strategy(),
        goals.get(0),
        several ? goals : List.of(),
        several ? results.front().stream().map(Candidate::number).toList() : List.of(),
        results.seconds(),
        results.dimensions().stream().map(d -> new Setting(d.key(), kind(d.kind()))).toList(),
        importance,
        ranking.stream().map(ranked -> ranked(ranked, folder)).toList());
  }

  String text() {
    try {
      return MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The results that a file holds. */
  static SweepResults read(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    JsonNode json = Json.MAPPER.readTree(EndingFiles.bytes(file));
    List<Objective> objectives = new ArrayList<>();
    JsonNode goals = json.path("objectives");
    for (JsonNode goal : goals.isEmpty() ? List.of(json.path("objective")) : goals) {
      objectives.add(
          new Objective(
              goal.path("metric").asText(),
              Metric.Goal.valueOf(goal.path("goal").asText().toUpperCase(Locale.ROOT))));
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (JsonNode one : json.path("dimensions")) {
      dimensions.add(
          new Dimension(one.path("key").asText(), dimensionKind(one.path("kind").asText())));
    }
    List<Candidate> candidates = new ArrayList<>();
    for (JsonNode one : json.path("candidates")) {
      Map<String, JsonNode> settings = new LinkedHashMap<>();
      one.path("settings").properties().forEach(e -> settings.put(e.getKey(), e.getValue()));
      boolean pruned = one.path("status").asText().equals("pruned");
      List<Trial> trials = new ArrayList<>();
      for (JsonNode run : one.path("trials")) {
        trials.add(trial(run, pruned, folder));
      }
      candidates.add(new Candidate(one.path("number").asInt(), settings, trials));
    }
    candidates.sort(Comparator.comparing(Candidate::number));
    return new SweepResults(
        json.path("name").asText(),
        json.path("strategy").asText(),
        objectives,
        dimensions,
        candidates,
        json.path("seconds").asDouble());
  }

  private static Dimension.Kind dimensionKind(String name) {
    return Arrays.stream(Dimension.Kind.values())
        .filter(kind -> kind(kind).equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("kind " + name));
  }

  private static Trial trial(JsonNode run, boolean pruned, Path folder) throws IOException {
    Map<String, Double> measures = new LinkedHashMap<>();
    run.path("measures")
        .properties()
        .forEach(e -> measures.put(e.getKey(), e.getValue().asDouble()));
    List<EpochMetrics> epochs = new ArrayList<>();
    for (JsonNode epoch : run.path("epochs")) {
      epochs.add(Json.MAPPER.treeToValue(epoch, EpochMetrics.class));
    }
    return new Trial(
        run.path("repeat").asInt(),
        run.path("seed").asLong(),
        run.path("score").asDouble(Double.NaN),
        measures,
        run.path("seconds").asDouble(),
        epochs,
        run.path("failure").textValue(),
        false,
        pruned,
        folder.resolve(run.path("folder").asText()));
  }

  private static Goal goal(Objective objective) {
    return new Goal(
        objective.metric(), objective.goal() == Metric.Goal.MINIMIZE ? "minimize" : "maximize");
  }

  private static String kind(Dimension.Kind kind) {
    return switch (kind) {
      case UNIFORM -> "uniform";
      case LOG_UNIFORM -> "logUniform";
      case NORMAL -> "normal";
      case INTEGER -> "int";
      case LOG_INTEGER -> "logInt";
      case CHOICE, ORDERED -> "choice";
    };
  }

  private static Ranked ranked(RankedCandidate ranked, Path folder) {
    Candidate candidate = ranked.candidate();
    return new Ranked(
        ranked.scored() ? ranked.rank() : null,
        candidate.number(),
        candidate.score(),
        candidate.spread(),
        ranked.seconds(),
        ranked.status(),
        candidate.settings(),
        candidate.trials().stream()
            .map(
                trial ->
                    new Run(
                        trial.repeat(),
                        trial.seed(),
                        trial.score(),
                        trial.measures(),
                        trial.seconds(),
                        trial.failure(),
                        Links.relative(folder, trial.folder()),
                        trial.epochs()))
            .toList());
  }

  /** JSON has no NaN and no infinity. */
  private static final class FiniteOrNull extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        json.writeNumber(value);
      } else {
        json.writeNull();
      }
    }
  }
}
