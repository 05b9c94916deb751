package org.descry.sweep.trial;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * One choice of values for the searched settings, trained once or, with other seeds, more often.
 *
 * @param number from 0, in the order of the search
 * @param settings key path to value, in the order of the sweep file
 * @param trials in the order of their repeats
 */
public record Candidate(int number, Map<String, JsonNode> settings, List<Trial> trials) {
  public Candidate {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    trials = List.copyOf(trials);
  }

  /** Mean score of the trials that succeeded; NaN if none did. */
  public double score() {
    return statistics().getMean();
  }

  /** Mean of an objective over the trials that have it; NaN if none does. */
  public double score(Objective objective, Objective first) {
    return objective.equals(first)
        ? score()
        : trials.stream()
            .filter(trial -> trial.measures().containsKey(objective.metric()))
            .mapToDouble(trial -> trial.measures().get(objective.metric()))
            .average()
            .orElse(Double.NaN);
  }

  /** The same with another figure of all trials that have one, or without it. */
  public Candidate measured(String metric, Optional<Double> value) {
    return new Candidate(
        number, settings, trials.stream().map(trial -> trial.measured(metric, value)).toList());
  }

  /** Sample standard deviation of the scores; 0 for one, NaN for none. */
  public double spread() {
    return statistics().getStandardDeviation();
  }

  /** Whether some trial reached a score. */
  public boolean scored() {
    return trials.stream().anyMatch(Trial::succeeded);
  }

  /** Trials that failed. */
  public long failures() {
    return trials.stream().filter(trial -> !trial.succeeded()).count();
  }

  /** Whether it was ended early, for others were better. */
  public boolean pruned() {
    return trials.stream().anyMatch(Trial::pruned);
  }

  /** Whether all its trials succeeded, to their ends. */
  public boolean whole() {
    return scored() && !pruned() && failures() == 0;
  }

  /** Epochs of the first trial. */
  public int epochs() {
    return trials.isEmpty() ? 0 : trials.get(0).epochs().size();
  }

  /** The best of the trials; empty if all failed. */
  public Optional<Trial> bestTrial(Objective objective) {
    return trials.stream()
        .filter(Trial::succeeded)
        .min((a, b) -> objective.bestFirst().compare(a.score(), b.score()));
  }

  /**
   * The better candidate first; among equals the earlier first. Behind those whose trials all
   * succeeded come those of which some failed, since the scores of the others say too much for
   * them, then those that were ended early, the longest first, and at the end those without a
   * score.
   */
  public static Comparator<Candidate> bestFirst(Objective objective) {
    return Comparator.comparing((Candidate candidate) -> !candidate.scored())
        .thenComparing(candidate -> candidate.failures() > 0)
        .thenComparing(candidate -> candidate.pruned() ? -candidate.epochs() : Integer.MIN_VALUE)
        .thenComparing(Candidate::score, objective.bestFirst())
        .thenComparing(Candidate::number);
  }

  private SummaryStatistics statistics() {
    SummaryStatistics statistics = new SummaryStatistics();
    trials.stream().filter(Trial::succeeded).forEach(trial -> statistics.addValue(trial.score()));
    return statistics;
  }
}
