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
@JsonClassDescription("Exactly one of logUniform, uniform, normal, choice, int and logInt.")
public record SearchSpace(
    @Key(
            value =
                "[from, to]: a number between them, each order of magnitude as likely as the next.",
            range = "[2, 2]")
        List<Double> logUniform,
    @Key(value = "[from, to]: a number between them, all equally likely.", range = "[2, 2]")
        List<Double> uniform,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            value =
                "[mean, deviation]: a number about the mean, at most three standard deviations"
                    + " away.",
            range = "[2, 2]")
        List<Double> normal,
    @Key(value = "One of these values, of any type that the setting takes.", range = "[1, 1000]")
        List<Object> choice,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key("Whether neighbours in the list of choice are alike, as small, medium and large are.")
        Boolean ordered,
    @JsonProperty("int")
        @Key(value = "[from, to]: a whole number, both ends included.", range = "[2, 2]")
        List<Long> integer,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Key(
            value = "[from, to]: a whole number, each order of magnitude as likely as the next.",
            range = "[2, 2]")
        List<Long> logInt,
    @Key(value = "Distance between the whole numbers of int; 1 when absent.", range = "[1, inf)")
        Long step,
    @Key(
            value =
                "How many values a grid takes of logUniform, uniform, normal and logInt; of int"
                    + " too, which goes through all of them when absent.",
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
    long given =
        Stream.of(logUniform, uniform, normal, choice, integer, logInt)
            .filter(Objects::nonNull)
            .count();
    if (given != 1) {
      throw new IllegalArgumentException(
          "expected exactly one of logUniform, uniform, normal, choice, int, logInt");
    }
    if (logUniform != null) {
      checkBounds("logUniform", logUniform);
      checkAbove0("logUniform", logUniform);
    } else if (uniform != null) {
      checkBounds("uniform", uniform);
    } else if (normal != null) {
      checkNormal(normal);
    } else if (integer != null) {
      checkIntegers("int", integer, step == null ? 1 : step, "a larger step");
    } else if (logInt != null) {
      checkIntegers("logInt", logInt, 1, "ends that are closer");
      checkAbove0("logInt", logInt);
    } else if (new HashSet<>(choice).size() < choice.size()) {
      throw new IllegalArgumentException(
          "choice is %s, but expected each value once".formatted(choice));
    }
    if (step != null && integer == null) {
      throw new IllegalArgumentException("step is given, but expected only with int");
    }
    if (ordered != null && choice == null) {
      throw new IllegalArgumentException("ordered is given, but expected only with choice");
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

  private static void checkAbove0(String name, List<? extends Number> bounds) {
    if (bounds.get(0).doubleValue() <= 0) {
      throw new IllegalArgumentException(
          "%s is %s, but expected bounds above 0".formatted(name, bounds));
    }
  }

  private static void checkNormal(List<Double> normal) {
    double mean = normal.get(0);
    double deviation = normal.get(1);
    if (!(deviation > 0) || !Double.isFinite(mean) || !Double.isFinite(3 * deviation)) {
      throw new IllegalArgumentException(
          "normal is %s, but expected a finite mean and a standard deviation above 0"
              .formatted(normal));
    }
  }

  private static void checkIntegers(String name, List<Long> ends, long step, String remedy) {
    if (ends.get(0) > ends.get(1)) {
      throw reversed(name, ends);
    }
    if ((double) ends.get(1) - ends.get(0) >= (double) MOST_INTEGERS * step) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s is %s, but expected at most %,d values: %s",
              name,
              ends,
              MOST_INTEGERS,
              remedy));
    }
  }

  private static IllegalArgumentException reversed(String name, List<?> bounds) {
    return new IllegalArgumentException(
        "%s is %s, but expected the smaller bound first".formatted(name, bounds));
  }

  /** The axis of a setting; {@code grid} asks for one with finitely many values. */
  public Axis axis(String key, boolean grid) {
    if (choice != null) {
      return Axis.choice(
          key,
          choice.stream().<JsonNode>map(JSON::valueToTree).toList(),
          Boolean.TRUE.equals(ordered));
    } else if (integer != null) {
      Long listed = grid ? (points == null ? Long.MAX_VALUE : points.longValue()) : null;
      return Axis.integers(key, integer.get(0), integer.get(1), step == null ? 1 : step, listed);
    } else if (logInt != null) {
      return Axis.logIntegers(key, logInt.get(0), logInt.get(1), grid ? points : null);
    } else if (normal != null) {
      return Axis.normal(key, normal.get(0), normal.get(1), grid ? points : null);
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
    return points == null
        && Stream.of(logUniform, uniform, normal, logInt).anyMatch(Objects::nonNull);
  }
}
