package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.descry.UsageException;
import org.descry.sweep.trial.Objective;

/** What an earlier sweep knows that helps another one. */
final class EarlierSweep {
  private EarlierSweep() {}

  /** A candidate that was trained to its end. */
  record Known(Map<String, JsonNode> settings, double score) {}

  /**
   * The candidates of the sweep that a plan names, those that the plan could propose.
   *
   * @throws org.descry.DescryException if there is no such sweep, if its objective is another, or
   *     if there are no such candidates
   */
  static List<Known> known(SweepPlan plan) {
    Path file = plan.settings().from().find().resolve(Journal.NAME);
    try (Journal journal = Journal.read(file)) {
      JsonNode objective = journal.sweep().path("objective");
      Objective ours = plan.objective();
      if (!objective.path("metric").asText().equals(ours.metric())
          || !objective.path("goal").asText().equalsIgnoreCase(ours.goal().name())) {
        throw new UsageException(
            "%s: from is %s, whose objective is %s, but expected %s."
                .formatted(plan.source(), plan.settings().from(), objective, ours.words()));
      }
      List<Known> known = known(plan, journal);
      if (known.isEmpty()) {
        throw new UsageException(
            "%s: from is %s, but expected a sweep with a candidate of this search."
                .formatted(plan.source(), plan.settings().from()));
      }
      return known;
    }
  }

  private static List<Known> known(SweepPlan plan, Journal journal) {
    Map<Integer, List<Journal.Entry>> candidates =
        journal.entries().stream()
            .filter(entry -> entry.score() != null && !Boolean.TRUE.equals(entry.pruned()))
            .collect(
                Collectors.groupingBy(
                    Journal.Entry::candidate, LinkedHashMap::new, Collectors.toList()));
    return candidates.values().stream()
        .map(trials -> new Known(plan.space().own(trials.get(0).settings()), mean(trials)))
        .filter(known -> plan.space().places(known.settings()).isPresent())
        .toList();
  }

  private static double mean(List<Journal.Entry> trials) {
    return trials.stream().mapToDouble(Journal.Entry::score).average().orElseThrow();
  }
}
