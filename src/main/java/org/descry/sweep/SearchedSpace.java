package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.descry.DescryException;
import org.descry.UsageException;
import org.descry.job.InvalidJobException;
import org.descry.job.JobFile;
import org.descry.job.schema.Nearest;
import org.descry.sweep.arbiter.Strategy;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.Condition;
import org.descry.sweep.space.JobSpace;
import org.descry.sweep.space.SearchSpace;

/** Makes the space that a sweep file describes, and tries it on the job. */
final class SearchedSpace {
  /** Sections whose settings make no model better or worse, and the seed, which repeats vary. */
  private static final Set<String> FIXED = Set.of("name", "seed", "output");

  private static final int MOST_TRIED = 1000;

  private final String source;
  private final JobFile job;
  private final Set<String> mistakes = new LinkedHashSet<>();

  private SearchedSpace(String source, JobFile job) {
    this.source = source;
    this.job = job;
  }

  /**
   * @param source the sweep file's name, for messages
   * @param job before its searched settings are set
   * @param settings what is searched
   * @throws DescryException with a sentence for each mistake
   */
  static JobSpace of(String source, JobFile job, SweepSettings settings) {
    return new SearchedSpace(source, job).build(settings);
  }

  private JobSpace build(SweepSettings settings) {
    Map<String, SearchSpace> search = settings.search();
    boolean grid = settings.strategy() == Strategy.GRID;
    Map<String, Axis> axes = new LinkedHashMap<>();
    search.forEach((key, space) -> axes.put(key, space.axis(key, grid)));
    axes.keySet().forEach(this::checkKey);
    search.forEach((key, space) -> space.conditions().forEach(c -> check(key, c, axes)));
    end();
    List<Axis> conditional = new ArrayList<>();
    search.forEach(
        (key, space) ->
            conditional.add(
                axes.get(key)
                    .when(space.conditions().stream().map(c -> own(c, axes)).toList())
                    .when(inherent(key, axes.values()))));
    Constraints constraints = new Constraints(source, job.job(), settings.require(), axes.values());
    mistakes.addAll(constraints.mistakes());
    end();
    try {
      JobSpace space = new JobSpace(conditional, constraints.constraints(), constraints.fixed());
      space.axes().forEach(axis -> tryOn(axis, space));
      constraints.unkept(space).ifPresent(mistakes::add);
      end();
      List<Map<String, JsonNode>> queue = settings.queue();
      IntStream.range(0, queue.size()).forEach(i -> checkQueued(i, space.own(queue.get(i)), space));
      end();
      return space;
    } catch (IllegalArgumentException e) {
      throw new UsageException(source + ": " + e.getMessage() + ".", e);
    }
  }

  private void end() {
    if (!mistakes.isEmpty()) {
      throw new InvalidJobException(mistakes);
    }
  }

  private void checkKey(String key) {
    if (FIXED.contains(key.split("[.\\[]", 2)[0])) {
      mistakes.add(
          SweepPlan.origin(source, key)
              + ": "
              + key
              + " is not to be searched; expected a key of model, data, training or decoding"
              + " (repeats vary the seed).");
      return;
    }
    try {
      job.knows(key);
    } catch (DescryException e) { // no path at all
      mistakes.add(source + ": search." + e.getMessage());
    }
  }

  private void check(String key, Condition condition, Map<String, Axis> axes) {
    String origin = SweepPlan.origin(source, key) + ".when: ";
    Axis named = axes.get(condition.key());
    if (named == null) {
      mistakes.add(
          "%s%s is not searched%s; expected one of %s."
              .formatted(
                  origin,
                  condition.key(),
                  Nearest.hint(condition.key(), axes.keySet()),
                  String.join(", ", axes.keySet())));
    } else if (!named.isFinite()) {
      mistakes.add(
          "%s%s has a continuum of values; expected a setting with choice or int."
              .formatted(origin, condition.key()));
    } else if (condition.values().isEmpty()) {
      mistakes.add(
          "%s%s is [], but expected at least one value.".formatted(origin, condition.key()));
    } else {
      condition.values().stream()
          .filter(value -> !named.draws(value))
          .forEach(
              value ->
                  mistakes.add(
                      "%s%s is never %s; expected %s."
                          .formatted(origin, condition.key(), value, values(named))));
    }
  }

  private static Condition own(Condition condition, Map<String, Axis> axes) {
    Axis named = axes.get(condition.key());
    return new Condition(condition.key(), condition.values().stream().map(named::own).toList());
  }

  private static String values(Axis axis) {
    return axis.isListed()
        ? axis.samples().stream()
            .map(JsonNode::toString)
            .collect(Collectors.joining(", ", axis.samples().size() == 1 ? "" : "one of ", ""))
        : range(axis, axis.samples().get(0), axis.samples().get(axis.samples().size() - 1));
  }

  private static String range(Axis axis, JsonNode from, JsonNode to) {
    long step =
        axis.isFinite() ? Math.round((to.longValue() - from.longValue()) / (axis.size() - 1)) : 0;
    return "a %s from %s to %s%s"
        .formatted(
            axis.isFinite() ? "whole number" : "number",
            from,
            to,
            step > 1 ? " in steps of " + step : "");
  }

  /**
   * The conditions that follow from the job: what only some kinds of a section have waits for one
   * of those kinds, where the kind is searched.
   */
  private List<Condition> inherent(String key, Iterable<Axis> axes) {
    List<Condition> conditions = new ArrayList<>();
    for (Axis other : axes) {
      String choice = other.dimension().key();
      if (other.isListed() && decidesOn(choice, key)) {
        List<JsonNode> with =
            other.samples().stream().filter(value -> known(choice, value, key)).toList();
        if (!with.isEmpty()) {
          conditions.add(new Condition(choice, with));
        }
      }
    }
    return conditions;
  }

  private boolean decidesOn(String choice, String key) {
    String section = choice.substring(0, Math.max(0, choice.lastIndexOf('.')));
    return !choice.equals(key)
        && (key.startsWith(choice + ".")
            || key.startsWith(choice + "[")
            || (key.startsWith(section + ".") && job.namesKind(choice)));
  }

  private boolean known(String choice, JsonNode value, String key) {
    try {
      return job.choose(choice, value, source).knows(key);
    } catch (DescryException e) {
      return false; // found out when the choice itself is tried
    }
  }

  /** A queued candidate is one that the search could propose. */
  private void checkQueued(int index, Map<String, JsonNode> candidate, JobSpace space) {
    String origin = "%s: enqueue[%s]: ".formatted(source, index);
    for (Axis axis : space.ordered()) {
      String key = axis.dimension().key();
      JsonNode value = candidate.get(key);
      boolean active = axis.isActive(candidate);
      if (active && value == null) {
        mistakes.add("%s%s is absent; expected a value.".formatted(origin, key));
      } else if (!active && value != null) {
        mistakes.add(
            "%s%s is %s, but expected none: its conditions do not hold."
                .formatted(origin, key, value));
      } else if (value != null && !axis.draws(value)) {
        mistakes.add("%s%s is %s, but expected %s.".formatted(origin, key, value, values(axis)));
      }
    }
    candidate.keySet().stream()
        .filter(key -> space.axes().stream().noneMatch(a -> a.dimension().key().equals(key)))
        .forEach(
            key ->
                mistakes.add(
                    "%s%s is not searched; expected searched settings.".formatted(origin, key)));
    if (!space.accepts(candidate)) {
      mistakes.add("%s%s breaks what require says.".formatted(origin, candidate));
    }
  }

  /** The values, or so many of them as can be tried at once, the ends among them. */
  private static List<JsonNode> tried(List<JsonNode> values) {
    int last = values.size() - 1;
    return last < MOST_TRIED
        ? values
        : IntStream.rangeClosed(0, MOST_TRIED)
            .mapToObj(i -> values.get((int) ((long) i * last / MOST_TRIED)))
            .toList();
  }

  /** Sets a key to the ends of its space in every branch that has it. */
  private void tryOn(Axis axis, JobSpace space) {
    String key = axis.dimension().key();
    List<Map<String, JsonNode>> branches = space.branches(axis);
    if (branches.isEmpty()) {
      mistakes.add(
          SweepPlan.origin(source, key)
              + ".when: the conditions never hold together; expected a candidate that has "
              + key
              + ".");
    }
    for (Map<String, JsonNode> branch : branches) {
      for (JsonNode sample : tried(axis.samples())) {
        Map<String, JsonNode> settings = new LinkedHashMap<>(branch);
        settings.put(key, sample);
        if (!space.accepts(space.completed(settings))) {
          continue; // never proposed
        }
        try {
          SweepPlan.with(source, job, space, space.completed(settings)).job();
        } catch (InvalidJobException e) {
          mistakes.addAll(e.mistakes());
        } catch (DescryException e) {
          mistakes.add(e.getMessage());
        }
      }
    }
  }
}
