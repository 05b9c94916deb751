package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.descry.job.Job;
import org.descry.job.JobFile;
import org.descry.job.schema.KeyPath;
import org.descry.sweep.space.Axis;
import org.descry.sweep.space.Constraint;
import org.descry.sweep.space.JobSpace;

/** What a sweep file requires of its candidates, read and tried. */
final class Constraints {
  /** Candidates none of which keeps a constraint: it is taken for one that nothing keeps. */
  private static final int TRIES = 20_000;

  private final String source;
  private final List<Constraint> constraints = new ArrayList<>();
  private final Map<String, JsonNode> fixed = new LinkedHashMap<>();
  private final List<String> mistakes = new ArrayList<>();

  /**
   * @param job as it is without the search
   * @param require null for nothing
   */
  Constraints(String source, Job job, List<String> require, Collection<Axis> axes) {
    this.source = source;
    JsonNode tree = JobFile.tree(job);
    for (String text : require == null ? List.<String>of() : require) {
      try {
        Constraint constraint = new Constraint(text);
        constraints.add(constraint);
        constraint.keys().forEach(key -> check(constraint, key, tree, axes));
      } catch (IllegalArgumentException e) {
        mistakes.add("%s: require: %s.".formatted(source, e.getMessage()));
      }
    }
  }

  private void check(Constraint constraint, String key, JsonNode tree, Collection<Axis> axes) {
    JsonNode value = KeyPath.at(tree, key);
    if (value.isNumber()) {
      fixed.put(key, value);
    }
    List<JsonNode> values =
        axes.stream()
            .filter(axis -> axis.dimension().key().equals(key))
            .findFirst()
            .map(Axis::samples)
            .orElse(List.of(value));
    values.stream()
        .filter(other -> !other.isNumber())
        .findFirst()
        .ifPresent(
            other ->
                mistakes.add(
                    "%s: require: %s: %s is %s, but expected a number."
                        .formatted(
                            source,
                            constraint,
                            key,
                            other.isMissingNode() ? "no key of the job" : other)));
  }

  List<Constraint> constraints() {
    return constraints;
  }

  /** The job's own values of the settings that are named. */
  Map<String, JsonNode> fixed() {
    return fixed;
  }

  List<String> mistakes() {
    return mistakes;
  }

  /** A sentence about constraints that no candidate keeps; empty if one does. */
  Optional<String> unkept(JobSpace space) {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < TRIES && !constraints.isEmpty(); i++) {
      double[] point = random.doubles(space.numParameters()).toArray();
      if (space.accepts(space.getValue(point))) {
        return Optional.empty();
      }
    }
    return constraints.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%s: require: %s: none of %,d candidates keeps to it; expected some that do.",
                source,
                constraints.stream().map(Constraint::toString).collect(Collectors.joining(", ")),
                TRIES));
  }
}
