package org.descry.sweep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.descry.io.Json;
import org.descry.sweep.trial.Candidate;
import org.descry.sweep.trial.Trial;

/**
 * A candidate and its place among the others.
 *
 * @param rank from 1, best first; 0 without a score
 */
record RankedCandidate(int rank, Candidate candidate) {
  /** The candidates of a sweep, best first; those without a score last. */
  static List<RankedCandidate> of(SweepResults results) {
    List<RankedCandidate> ranked = new ArrayList<>();
    for (Candidate candidate : results.ranked()) {
      ranked.add(new RankedCandidate(candidate.scored() ? ranked.size() + 1 : 0, candidate));
    }
    return ranked;
  }

  boolean scored() {
    return rank > 0;
  }

  int number() {
    return candidate.number();
  }

  /** Trials that reached a score. */
  long successes() {
    return candidate.trials().stream().filter(Trial::succeeded).count();
  }

  /** Over all trials. */
  double seconds() {
    return candidate.trials().stream().mapToDouble(Trial::seconds).sum();
  }

  /** How many trials failed where others reached a score, in words; else empty. */
  String caution() {
    long failures = candidate.failures();
    return scored() && failures > 0
        ? "%s of %s trainings failed".formatted(failures, candidate.trials().size())
        : "";
  }

  /** {@code done}, {@code pruned}, {@code failed}, {@code partly failed}, or {@code not run}. */
  String status() {
    if (candidate.trials().isEmpty()) {
      return "not run";
    }
    if (successes() == candidate.trials().size()) {
      return candidate.pruned() ? "pruned" : "done";
    }
    return successes() == 0 ? "failed" : "partly failed";
  }

  /** Why trials failed: each sentence once; empty if none did. */
  String failure() {
    return String.join(
        " ",
        candidate.trials().stream()
            .map(Trial::failure)
            .filter(Objects::nonNull)
            .distinct()
            .toList());
  }

  /**
   * The value of a setting as text: strings as they are, anything else as JSON; empty if absent.
   */
  String setting(String key) {
    return text(candidate.settings().get(key));
  }

  /** A setting's value as text. */
  static String text(JsonNode value) {
    if (value == null || value.isMissingNode()) {
      return "";
    }
    return value.isTextual() ? value.textValue() : Json.plain(value);
  }
}
