package org.descry.sweep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.descry.sweep.Candidate;
import org.descry.sweep.Objective;
import org.descry.sweep.Trial;

/**
 * A candidate and its place among the others.
 *
 * @param rank from 1, best first; 0 without a score
 */
public record Standing(int rank, Candidate candidate) {
  /** The standings of a sweep, best first; those without a score last. */
  static List<Standing> of(SweepResults results) {
    List<Standing> standings = new ArrayList<>();
    for (Candidate candidate : results.ranked()) {
      boolean scored = !Double.isNaN(candidate.score());
      standings.add(new Standing(scored ? standings.size() + 1 : 0, candidate));
    }
    return standings;
  }

  boolean scored() {
    return rank > 0;
  }

  int number() {
    return candidate.number();
  }

  /** Trials that came to a score. */
  long successes() {
    return candidate.trials().stream().filter(Trial::succeeded).count();
  }

  /** Over all trials. */
  double seconds() {
    return candidate.trials().stream().mapToDouble(Trial::seconds).sum();
  }

  /** {@code done}, {@code failed}, {@code partly failed}, or {@code not run}. */
  String status() {
    if (candidate.trials().isEmpty()) {
      return "not run";
    }
    if (successes() == candidate.trials().size()) {
      return "done";
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

  /** The best of the trials. */
  public Optional<Trial> bestTrial(Objective objective) {
    return candidate.trials().stream()
        .filter(Trial::succeeded)
        .min((a, b) -> objective.bestFirst().compare(a.score(), b.score()));
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
    return value.isTextual() ? value.textValue() : value.toString();
  }
}
