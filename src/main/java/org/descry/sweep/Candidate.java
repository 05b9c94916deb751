package org.descry.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** Sample standard deviation of the scores; 0 for one, NaN for none. */
  public double spread() {
    return statistics().getStandardDeviation();
  }

  /** The better candidate first; among equals the earlier first, those without a score last. */
  public static Comparator<Candidate> bestFirst(Objective objective) {
    return Comparator.comparing(Candidate::score, objective.bestFirst())
        .thenComparing(Candidate::number);
  }

  private SummaryStatistics statistics() {
    SummaryStatistics statistics = new SummaryStatistics();
    trials.stream().filter(Trial::succeeded).forEach(trial -> statistics.addValue(trial.score()));
    return statistics;
  }
}
