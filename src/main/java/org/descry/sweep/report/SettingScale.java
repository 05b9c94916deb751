package org.descry.sweep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.descry.report.Scale;
import org.descry.sweep.space.Dimension;
import org.descry.sweep.trial.Candidate;

/**
 * Where the values of a searched setting lie.
 *
 * @param categories the values of a choice, in the order of the scale; null for numbers
 */
record SettingScale(Dimension dimension, Scale scale, List<String> categories) {
  private static final Comparator<JsonNode> BY_NUMBER =
      Comparator.comparing((JsonNode value) -> !value.isNumber())
          .thenComparing(JsonNode::doubleValue)
          .thenComparing(RankedCandidate::text);

  static SettingScale of(Dimension dimension, Collection<Candidate> candidates) {
    List<JsonNode> values =
        candidates.stream()
            .map(candidate -> candidate.settings().get(dimension.key()))
            .filter(Objects::nonNull)
            .toList();
    if (EnumSet.of(Dimension.Kind.CHOICE, Dimension.Kind.ORDERED).contains(dimension.kind())) {
      List<String> names =
          values.stream().sorted(BY_NUMBER).map(RankedCandidate::text).distinct().toList();
      return new SettingScale(dimension, Scale.categories(names), names);
    }
    List<Double> numbers = values.stream().map(SettingScale::number).toList();
    boolean logarithmic =
        EnumSet.of(Dimension.Kind.LOG_UNIFORM, Dimension.Kind.LOG_INTEGER)
            .contains(dimension.kind());
    return new SettingScale(
        dimension, logarithmic ? Scale.logarithmic(numbers) : Scale.linear(numbers), null);
  }

  boolean isChoice() {
    return categories != null;
  }

  /** A candidate's value as the scale has it: a number, or a category's place; NaN if absent. */
  double coordinate(Candidate candidate) {
    JsonNode value = candidate.settings().get(dimension.key());
    if (value == null) {
      return Double.NaN;
    }
    return isChoice() ? categories.indexOf(RankedCandidate.text(value)) : number(value);
  }

  private static double number(JsonNode value) {
    return value.isNumber() ? value.doubleValue() : Double.NaN;
  }
}
