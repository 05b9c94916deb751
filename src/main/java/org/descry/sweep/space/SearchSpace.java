package org.descry.sweep.space;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.descry.job.schema.Key;

/** Where the values of a searched setting come from, as the sweep file says it. */
@JsonClassDescription("Exactly one of logUniform, uniform, choice and int.")
public record SearchSpace(
    @Key(
            value =
                "[from, to]: a number between them, each order of magnitude as likely as the next.",
            range = "[2, 2]")
        List<Double> logUniform,
    @Key(value = "[from, to]: a number between them, all equally likely.", range = "[2, 2]")
        List<Double> uniform,
    @Key(value = "One of these values, of any type that the setting takes.", range = "[1, 1000]")
        List<Object> choice,
    @JsonProperty("int")
        @Key(value = "[from, to]: a whole number, both ends included.", range = "[2, 2]")
        List<Long> integer,
    @Key(value = "Distance between the whole numbers of int; 1 when absent.", range = "[1, inf)")
        Long step,
    @Key(
            value =
                "How many values a grid takes of logUniform and uniform; of int too, which goes"
                    + " through all of them when absent.",
            range = "[2, 1000]")
        Integer points,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            value =
                "Other searched settings and the value, or the list of values, that each must have;"
                    + " otherwise this one is absent. A setting that only some types of its section"
                    + " have needs none.",
            range = "[1, inf)")
        Map<String, Object> when) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_INTEGERS = 1_000_000;

  /** Checks that the space is one, and not empty. */
  public SearchSpace {
    if (Stream.of(logUniform, uniform, choice, integer).filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException(
          "expected exactly one of logUniform, uniform, choice, int");
    }
    if (logUniform != null) {
      checkBounds("logUniform", logUniform);
      if (logUniform.get(0) <= 0) {
        throw new IllegalArgumentException(
            "logUniform is %s, but expected bounds above 0".formatted(logUniform));
      }
    } else if (uniform != null) {
      checkBounds("uniform", uniform);
    } else if (integer != null) {
      if (integer.get(0) > integer.get(1)) {
        throw reversed("int", integer);
      }
      if ((double) integer.get(1) - integer.get(0) >= (double) MOST_INTEGERS * stepOr1(step)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "int is %s, but expected at most %,d values: a larger step",
                integer,
                MOST_INTEGERS));
      }
    } else if (new HashSet<>(choice).size() < choice.size()) {
      throw new IllegalArgumentException(
          "choice is %s, but expected each value once".formatted(choice));
    }
    if (step != null && integer == null) {
      throw new IllegalArgumentException("step is given, but expected only with int");
    }
    when = when == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(when));
    if (points != null && choice != null) {
      throw new IllegalArgumentException("points are given, but expected none with choice");
    }
  }

  private static void checkBounds(String name, List<Double> bounds) {
    double from = bounds.get(0);
    double to = bounds.get(1);
    if (!Double.isFinite(from) || !Double.isFinite(to)) {
      throw new IllegalArgumentException(
          "%s is %s, but expected finite bounds".formatted(name, bounds));
    }
    if (from > to) {
      throw reversed(name, bounds);
    }
    if (from == to) {
      throw new IllegalArgumentException(
          "%s is %s, but expected bounds that differ".formatted(name, bounds));
    }
  }

  private static IllegalArgumentException reversed(String name, List<?> bounds) {
    return new IllegalArgumentException(
        "%s is %s, but expected the smaller bound first".formatted(name, bounds));
  }

  private static long stepOr1(Long step) {
    return step == null ? 1 : step;
  }

  /** The axis of a setting; {@code grid} asks for one with finitely many values. */
  public Axis axis(String key, boolean grid) {
    if (choice != null) {
      return Axis.choice(key, choice.stream().<JsonNode>map(JSON::valueToTree).toList());
    } else if (integer != null) {
      Long listed = grid ? (points == null ? Long.MAX_VALUE : points.longValue()) : null;
      return Axis.integers(key, integer.get(0), integer.get(1), stepOr1(step), listed);
    } else if (logUniform != null) {
      return Axis.logUniform(key, logUniform.get(0), logUniform.get(1), grid ? points : null);
    }
    return Axis.uniform(key, uniform.get(0), uniform.get(1), grid ? points : null);
  }

  /** What {@code when} says. */
  public List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    if (when != null) {
      when.forEach(
          (key, values) -> {
            JsonNode json = JSON.valueToTree(values);
            List<JsonNode> list = new ArrayList<>();
            if (json.isArray()) {
              json.forEach(list::add);
            } else {
              list.add(json);
            }
            conditions.add(new Condition(key, list));
          });
    }
    return conditions;
  }

  /** Whether a grid has to be told how many values to take. */
  public boolean needsPoints() {
    return points == null && (logUniform != null || uniform != null);
  }
}
